"""Merging a draft that was set aside into a later one."""

from typing import Any

import pytest
from wagtail.models import Revision

from monographs.document import matches_hash
from monographs.editions.models import LedgerEntry
from monographs.editions.queries import current_edition, public_edition
from monographs.editions.verify import verify
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import MergeDraft, Withdraw
from monographs.review.draft_merge.merge_conflict import Choice
from monographs.review.models import SetAsideDraft, SetAsideStatus
from monographs.review.policies.set_aside_policy import open_set_aside
from tests.conftest import run_deferred_constraints
from tests.factories import (
    PASSWORD,
    make_monograph,
    publish,
)
from tests.review.authored_drafts import latest
from tests.review.unpublished_drafts import LONG, correct, merge, merge_choosing, set_aside, words_of, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(published_medicine: MonographPage) -> MonographPage:
    """A page with an edition."""
    return published_medicine


def test_a_correction_is_signed_while_a_long_draft_waits_and_is_merged_into_it(
    page: MonographPage, writer: Any, reviewer: Any, editor: Any
) -> None:
    write(page, writer, "how_it_works", LONG)
    aside = set_aside(page, editor)
    edition = current_edition(page.translation_key)
    assert matches_hash(latest(page).to_document(), edition.sha256)
    assert LONG in str(aside.revision.content)
    correct(page, editor, reviewer)
    public = public_edition(page.translation_key)
    assert public.number == 2
    assert "administered!" in public.canonical
    assert LONG not in public.canonical
    merged = merge(page, writer)
    assert (merged.status, merged.closer["username"]) == (SetAsideStatus.MERGED, "writer")
    assert LONG in words_of(page, "how_it_works")
    assert "administered!" in words_of(page, "how_it_is_administered")
    assert latest(page).change_note == "A long change."
    assert current_edition(page.translation_key).number == 2, "a merge publishes nothing"
    publish(page, writer, reviewer)
    run_deferred_constraints()
    third = public_edition(page.translation_key)
    assert LONG in third.canonical
    assert "administered!" in third.canonical
    assert verify()["editions"] == 3
    events = set(LedgerEntry.objects.values_list("event", flat=True))
    assert {"draft_set_aside", "draft_merged"} <= events


def test_a_draft_is_taken_up_again_as_it_was(page: MonographPage, writer: Any, editor: Any) -> None:
    before = write(page, writer, "how_it_works", LONG).get_latest_revision().content
    set_aside(page, editor)
    merged = merge(page, editor)
    fields = ("sections", "sources", "title", "summary", "change_note", "brand_names")
    assert [merged.merged_revision.content[f] for f in fields] == [before[f] for f in fields]
    assert open_set_aside(page.translation_key) is None


def test_a_draft_of_a_page_that_is_withdrawn_meanwhile_is_merged_and_not_public(
    page: MonographPage, writer: Any, reviewer: Any
) -> None:
    write(page, writer, "how_it_works", LONG)
    set_aside(page, writer)
    Withdraw(
        reviewer, page.translation_key, cause=WithdrawalReason.BEING_CHECKED, note="x", password=PASSWORD
    ).execute()
    merge(page, writer)
    assert LONG in words_of(page, "how_it_works")
    assert public_edition(page.translation_key) is None


def test_what_was_changed_meanwhile_is_not_merged_unseen(page: MonographPage, writer: Any) -> None:
    write(page, writer, "how_it_works", LONG)
    aside = set_aside(page, writer)
    row = MonographPage.objects.get(pk=page.pk)
    seen = row.latest_revision_id
    write(page, writer, "who_should_take_it", "Adults.")
    with pytest.raises(PolicyError, match="changed meanwhile"):
        MergeDraft(writer, row, row=aside.pk, seen=seen, answers={}).execute()
    assert "Adults." in words_of(page, "who_should_take_it")
    assert open_set_aside(page.translation_key)


def test_an_open_conflict_stores_nothing(page: MonographPage, writer: Any) -> None:
    write(page, writer, "how_it_works", LONG)
    set_aside(page, writer)
    write(page, writer, "how_it_works", "It was corrected.")
    revisions = Revision.objects.count()
    with pytest.raises(PolicyError) as refusal:
        merge(page, writer)
    assert refusal.value.rule == Rule.OPEN_CONFLICTS
    assert Revision.objects.count() == revisions
    merge_choosing(page, writer, Choice.SET_ASIDE)
    with pytest.raises(PolicyError) as refusal:
        merge(page, writer)
    assert refusal.value.rule == Rule.NOT_SET_ASIDE


def test_a_draft_is_merged_into_its_own_page_only(page: MonographPage, writer: Any, reviewer: Any) -> None:
    other = make_monograph("otherumab", by=writer)
    publish(other, writer, reviewer)
    for each in (page, other):
        write(each, writer, "how_it_works", LONG)
    theirs = set_aside(other, writer)
    set_aside(page, writer)
    row = MonographPage.objects.get(pk=page.pk)
    with pytest.raises(PolicyError) as refusal:
        MergeDraft(writer, row, row=theirs.pk, seen=row.latest_revision_id, answers={}).execute()
    assert refusal.value.rule == Rule.STALE
    assert SetAsideDraft.objects.filter(status="open").count() == 2


def test_a_rewritten_draft_is_not_merged(page: MonographPage, writer: Any) -> None:
    write(page, writer, "how_it_works", LONG)
    aside = set_aside(page, writer)
    content = {**aside.revision.content, "summary": "Rewritten."}
    Revision.objects.filter(pk=aside.revision_id).update(content=content)
    with pytest.raises(PolicyError, match="tell an operator"):
        merge(page, writer)

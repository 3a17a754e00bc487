"""Setting an unpublished draft aside to correct what patients read."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse
from wagtail.models import Revision

from monographs.editions.models import Edition
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import Recall, SignUnchanged, Withdraw
from monographs.review.draft_merge.merge_conflict import Choice
from monographs.review.models import SetAsideDraft, SetAsideStatus
from monographs.review.policies.set_aside_policy import open_set_aside
from tests.factories import (
    PASSWORD,
    make_user,
    submit,
)
from tests.review.authored_drafts import latest
from tests.review.unpublished_drafts import LONG, leave, merge, merge_choosing, set_aside, words_of, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(published_medicine: MonographPage) -> MonographPage:
    """A page with an edition."""
    return published_medicine


def test_only_a_draft_that_waits_is_set_aside(page: MonographPage, writer: Any) -> None:
    with pytest.raises(PolicyError, match="says what patients read"):
        set_aside(page, writer)
    assert not SetAsideDraft.objects.exists()


def test_a_second_draft_is_not_set_aside(page: MonographPage, writer: Any) -> None:
    write(page, writer, "how_it_works", LONG)
    set_aside(page, writer)
    write(page, writer, "who_should_take_it", LONG)
    with pytest.raises(PolicyError) as refusal:
        set_aside(page, writer)
    assert refusal.value.rule == Rule.ALREADY_SET_ASIDE
    assert SetAsideDraft.objects.count() == 1


def test_a_page_in_review_is_recalled_first(page: MonographPage, writer: Any) -> None:
    write(page, writer, "how_it_works", LONG)
    submission = submit(page, writer)
    with pytest.raises(PolicyError, match="Recall the text first"):
        set_aside(page, writer)
    Recall(writer, submission).execute()
    set_aside(page, writer)
    write(page, writer, "who_should_take_it", "Adults.")
    submit(page, writer)
    with pytest.raises(PolicyError, match="Recall the text first"):
        merge(page, writer)
    assert open_set_aside(page.translation_key)


def test_a_page_without_a_public_text_is_not_corrected(
    page: MonographPage, writer: Any, reviewer: Any
) -> None:
    write(page, writer, "how_it_works", LONG)
    Withdraw(
        reviewer, page.translation_key, cause=WithdrawalReason.BEING_CHECKED, note="x", password=PASSWORD
    ).execute()
    with pytest.raises(PolicyError) as refusal:
        set_aside(page, writer)
    assert refusal.value.rule == Rule.NOT_PUBLIC


def test_who_may_not_edit_the_page_can_do_neither(page: MonographPage, writer: Any) -> None:
    person = make_user("stranger")
    write(page, writer, "how_it_works", LONG)
    with pytest.raises(PolicyError):
        set_aside(page, person)
    set_aside(page, writer)
    with pytest.raises(PolicyError):
        merge(page, person)


def test_no_stored_draft_that_says_the_public_text_is_refused(page: MonographPage, writer: Any) -> None:
    write(page, writer, "how_it_works", LONG)
    row = MonographPage.objects.get(pk=page.pk)
    page.revisions.exclude(pk=row.latest_revision_id).delete()
    with pytest.raises(PolicyError, match="None of the stored drafts"):
        set_aside(page, writer)
    assert LONG in words_of(page, "how_it_works")


def test_revisions_of_a_draft_that_is_set_aside_are_not_purged(page: MonographPage, writer: Any) -> None:
    write(page, writer, "how_it_works", LONG)
    aside = set_aside(page, writer)
    write(page, writer, "how_it_works", "It was corrected.")
    call_command("purge_revisions")
    kept = {aside.revision_id, aside.base_revision_id}
    assert set(Revision.objects.filter(pk__in=kept).values_list("pk", flat=True)) == kept
    with pytest.raises(ProtectedError):
        aside.revision.delete()
    merge_choosing(page, writer, Choice.SET_ASIDE)
    assert LONG in words_of(page, "how_it_works")


def test_what_was_set_aside_stays_in_the_database(page: MonographPage, writer: Any) -> None:
    write(page, writer, "how_it_works", LONG)
    aside = set_aside(page, writer)
    changes = [
        "DELETE FROM review_setasidedraft",
        "UPDATE review_setasidedraft SET revision_id = base_revision_id",
        "UPDATE review_setasidedraft SET contributors = '[]'",
        "UPDATE review_setasidedraft SET status = 'merged'",
        "UPDATE review_setasidedraft SET status = 'left', closer = '{}'",
        "UPDATE review_setasidedraft SET status = 'left', reason = 'Obsolete.'",
        "UPDATE review_setasidedraft SET reason = 'Obsolete.'",
    ]
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    merge(page, writer)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE review_setasidedraft SET status = 'open'")
    aside.refresh_from_db()
    assert aside.status == SetAsideStatus.MERGED


def test_nothing_to_change_is_not_signed_while_a_draft_is_set_aside(
    page: MonographPage, writer: Any, reviewer2: Any
) -> None:
    write(page, writer, "how_it_works", LONG)
    set_aside(page, writer)
    edition = Edition.objects.get(key=page.translation_key)
    with pytest.raises(PolicyError, match="set aside"):
        SignUnchanged(
            reviewer2, latest(page), seen_sha256=edition.sha256, ticked=[], password=PASSWORD
        ).execute()


def test_wagtails_history_revert_and_comparison_lose_nothing(page: MonographPage, writer: Any) -> None:
    write(page, writer, "how_it_works", LONG)
    aside = set_aside(page, writer)
    client = Client()
    client.force_login(writer)
    assert client.get(reverse("wagtailadmin_pages:history", args=[page.pk])).status_code == 200
    compared = reverse(
        "wagtailadmin_pages:revisions_compare", args=[page.pk, aside.base_revision_id, aside.revision_id]
    )
    assert client.get(compared).status_code == 200
    revert = reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, aside.revision_id])
    assert client.get(revert).status_code == 200
    unschedule = reverse("wagtailadmin_pages:revisions_unschedule", args=[page.pk, aside.revision_id])
    client.post(unschedule)
    aside.revision.as_object().save_revision(user=writer)  # what a revert saves
    merged = merge(page, writer)
    assert merged.revision.content["sections"] == aside.revision.content["sections"]
    assert LONG in words_of(page, "how_it_works")


@pytest.mark.parametrize("left", [False, True], ids=["set aside", "left"])
def test_an_open_editor_does_not_overwrite_the_draft_that_is_set_aside(
    page: MonographPage, writer: Any, left: bool
) -> None:
    unpublished = write(page, writer, "how_it_works", LONG)
    aside = set_aside(page, writer)
    if left:
        leave(page, writer)
    with pytest.raises(PermissionDenied, match="stays as it is"):
        unpublished.save_revision(user=writer, overwrite_revision=aside.revision)
    aside.revision.refresh_from_db()
    assert LONG in str(aside.revision.content)

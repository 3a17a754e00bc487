"""Restoring an earlier edition as a new, signed edition."""

from typing import Any

import pytest
from django.test import Client

from monographs.editions.models import Edition
from monographs.editions.verify import verify
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import Restore, Withdraw
from monographs.review.models import Submission
from tests.conftest import run_deferred_constraints
from tests.factories import PASSWORD, edit, make_monograph, make_user, publish, sign

pytestmark = pytest.mark.django_db

PATH = "/medicines/testumab/"


@pytest.fixture(scope="module")
def page_pk(module_rows: None) -> int:
    """A page with two editions."""
    writer = make_user("writer", "Medical writers")
    reviewer = make_user("reviewer", "Medical reviewers", credentials="PharmD")
    page = make_monograph(by=writer)
    publish(page, writer, reviewer)
    edit(page, writer, how_it_works="A worse text.")
    publish(page, writer, reviewer)
    return page.pk


@pytest.fixture
def page(db: None, page_pk: int) -> MonographPage:
    """The page with two editions."""
    return MonographPage.objects.get(pk=page_pk)


def restore(user: Any, page: Any, number: int = 1, reason: str = "Edition 2 was worse.") -> Submission:
    return Restore(user, page, number=number, reason=reason).execute()


def test_a_restored_edition_has_the_same_document_and_hash_and_a_new_number(
    client: Client, page: MonographPage, reviewer: Any
) -> None:
    editor = make_user("editor", "Editors")
    submission = restore(editor, page)
    assert client.get(PATH)["X-Edition"] == "testumab/2"
    sign(submission, reviewer)
    run_deferred_constraints()
    third, _, first = Edition.objects.of(page.translation_key)
    assert (third.number, third.restores) == (3, 1)
    assert (third.canonical, third.sha256) == (first.canonical, first.sha256)
    response = client.get(PATH)
    assert response["X-Edition"] == "testumab/3"
    assert b"A worse text." not in response.content
    assert b"brought back the text of edition 1" in response.content
    assert b"Brought back the text of edition 1" in client.get(f"{PATH}editions/").content
    page.refresh_from_db()
    assert page.live
    assert not page.has_unpublished_changes
    assert page.live_revision.as_object().document_hash() == first.sha256
    assert verify()["editions"] == 3


@pytest.mark.parametrize("who", ["writer", "editor_who_reviews"])
def test_neither_its_contributors_nor_the_restoring_user_may_sign_it(
    page: MonographPage, writer: Any, who: str
) -> None:
    both = make_user("both", "Editors", "Medical reviewers")
    submission = restore(both, page)
    person = both
    if who == "writer":
        person = writer
        make_user("x", "Medical reviewers")
        writer.groups.set(both.groups.all())
        type(both.reviewer_profile).objects.create(user=writer, credentials="PharmD")
    with pytest.raises(PolicyError) as refusal:
        sign(submission, person)
    assert refusal.value.rule == Rule.CONTRIBUTED


def test_an_edition_is_restored_although_no_draft_says_the_same(
    client: Client, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    page.revisions.exclude(pk=page.latest_revision_id).delete()  # purge_revisions
    submission = restore(writer, page)
    sign(submission, reviewer)
    run_deferred_constraints()
    assert client.get(PATH)["X-Edition"] == "testumab/3"
    assert b"A worse text." not in client.get(PATH).content
    page.refresh_from_db()
    assert page.live
    assert page.has_unpublished_changes, "the draft differs from what patients read, and the admin says so"
    assert not page.is_frozen


def test_who_wrote_most_of_it_in_an_earlier_edition_is_its_author_although_no_draft_says_it(
    writer: Any, reviewer: Any, reviewer2: Any, editor: Any
) -> None:
    own = "It slows the growth of the cells that make the illness worse over many weeks."
    page = make_monograph(by=writer)
    edit(page, reviewer, how_it_works=own)
    publish(page, writer, reviewer2)
    edit(page, writer, how_it_works=own.replace("many weeks", "many months"))
    publish(page, writer, reviewer2)
    edit(page, writer, how_it_works="Another text.")
    publish(page, writer, reviewer2)
    page.refresh_from_db()
    page.revisions.exclude(pk=page.latest_revision_id).delete()
    submission = restore(editor, page, number=2)
    with pytest.raises(PolicyError) as refusal:
        sign(submission, reviewer)
    assert refusal.value.rule == Rule.CONTRIBUTED
    sign(submission, reviewer2)


def test_a_withdrawn_page_is_restored_only_by_a_signature(
    client: Client, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    Withdraw(
        reviewer,
        page.translation_key,
        cause=WithdrawalReason.BEING_CHECKED,
        note="To be checked.",
        password=PASSWORD,
    ).execute()
    submission = restore(writer, MonographPage.objects.get(pk=page.pk), number=2)
    assert client.get(PATH).status_code == 410
    sign(submission, reviewer)
    assert client.get(PATH)["X-Edition"] == "testumab/3"


@pytest.mark.parametrize(
    ("number", "reason", "rule"),
    [(2, "x", Rule.ALREADY_PUBLIC), (7, "x", Rule.NO_SUCH_EDITION), (1, " ", Rule.NO_REASON)],
)
def test_what_cannot_be_restored(
    page: MonographPage, writer: Any, number: int, reason: str, rule: Rule
) -> None:
    with pytest.raises(PolicyError) as refusal:
        restore(writer, page, number, reason)
    assert refusal.value.rule == rule
    assert not Submission.objects.filter(status="in_review").exists()


def test_a_user_who_may_not_edit_may_not_restore(page: MonographPage, site: Any) -> None:
    with pytest.raises(PolicyError, match="may not edit"):
        restore(make_user("stranger"), page)


def test_a_signed_text_rewritten_in_the_database_is_not_published(
    page: MonographPage, writer: Any, reviewer: Any
) -> None:
    submission = restore(writer, page)
    Submission.objects.filter(pk=submission.pk).update(
        canonical=submission.canonical.replace("Fever", "Nothing")
    )
    with pytest.raises(PolicyError):
        sign(submission, reviewer)
    assert Edition.objects.count() == 2

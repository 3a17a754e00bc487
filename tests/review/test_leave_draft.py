"""Leaving a draft that was set aside in the history of the page, for a reason, instead of merging it."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from monographs.editions.ledger import Event
from monographs.editions.models import LedgerEntry
from monographs.editions.verify import verify
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import LeaveDraft, SignUnchanged
from monographs.review.dashboard.rows import DashboardFilter, rows
from monographs.review.models import SetAsideDraft, SetAsideStatus
from monographs.review.policies.set_aside_policy import open_set_aside
from monographs.review.policies.unchanged_policy import facts_of_pages, page_allows
from monographs.review.screens.history import history
from tests.conftest import run_deferred_constraints
from tests.factories import PASSWORD, make_user, submit
from tests.review.authored_drafts import latest
from tests.review.unpublished_drafts import LONG, leave, merge, set_aside, words_of, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(published_medicine: MonographPage, writer: Any) -> MonographPage:
    """A page with an edition and a draft that is set aside."""
    write(published_medicine, writer, "how_it_works", LONG)
    set_aside(published_medicine, writer)
    return published_medicine


def address(page: Any, name: str = "draft") -> str:
    return reverse(f"review:set_aside:{name}", args=[page.pk])


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_a_draft_is_left_in_the_history_for_a_reason(page: MonographPage, writer: Any) -> None:
    before = latest(page).latest_revision_id
    row = leave(page, writer, " It became obsolete. ")
    row.refresh_from_db()
    assert (row.status, row.reason, row.merged_revision) == (SetAsideStatus.LEFT, "It became obsolete.", None)
    assert row.closer["username"] == "writer"
    assert open_set_aside(page.translation_key) is None
    assert latest(page).latest_revision_id == before
    assert LONG not in words_of(page, "how_it_works")
    (entry,) = LedgerEntry.objects.filter(event=Event.DRAFT_LEFT)
    assert entry.subject == str(page.translation_key)
    assert "It became obsolete." in entry.body
    newest = history(page.translation_key).object_list[0]
    assert newest.sentence == "Writer Tester left the draft set aside in the history, and did not merge it"
    assert newest.reason == "It became obsolete."
    run_deferred_constraints()
    assert verify()["editions"] == 1


def test_afterwards_that_nothing_has_to_change_can_be_signed(page: MonographPage, reviewer2: Any) -> None:
    with pytest.raises(PolicyError) as refusal:
        SignUnchanged(reviewer2, latest(page), seen_sha256="", ticked=[], password=PASSWORD).execute()
    assert refusal.value.rule == Rule.ALREADY_SET_ASIDE
    assert "leave it in the history" in refusal.value.message
    leave(page, make_user("emil", "Editors"))
    edition = SetAsideDraft.objects.get().base_edition
    with pytest.raises(PolicyError) as refusal:  # nothing is ticked here
        SignUnchanged(
            reviewer2, latest(page), seen_sha256=edition.sha256, ticked=[], password=PASSWORD
        ).execute()
    assert refusal.value.rule == Rule.NOT_TICKED


def test_lists_know_that_the_draft_after_it_says_what_patients_read(page: MonographPage, writer: Any) -> None:
    def listed() -> tuple[bool, str, bool]:
        (row,) = rows(writer, DashboardFilter(words="testumab"))
        facts = facts_of_pages([page.translation_key])[page.translation_key]
        return page_allows(facts).allowed, row.stage, row.note == ""

    assert listed() == (False, "draft", False)
    left = leave(page, writer)
    assert listed() == (True, "published", True)
    left.revision.as_object().save_revision(user=writer, clean=False)
    assert listed() == (False, "draft", False)


def test_another_draft_is_set_aside_afterwards(page: MonographPage, writer: Any) -> None:
    leave(page, writer)
    write(page, writer, "who_should_take_it", LONG)
    set_aside(page, writer)
    merge(page, writer)
    assert LONG in words_of(page, "who_should_take_it")
    assert LONG not in words_of(page, "how_it_works")


def test_it_is_left_also_while_a_text_is_in_review(page: MonographPage, writer: Any) -> None:
    write(page, writer, "how_it_is_administered", "About how_it_is_administered!", note="A mark.")
    submission = submit(page, writer)
    leave(page, writer)
    submission.refresh_from_db()
    assert submission.is_open


def test_it_is_not_left_without_a_reason_or_twice_or_by_others(page: MonographPage, writer: Any) -> None:
    with pytest.raises(PolicyError) as refusal:
        leave(page, writer, "  ")
    assert refusal.value.rule == Rule.NO_REASON
    with pytest.raises(PolicyError) as refusal:
        leave(page, make_user("stranger"))
    assert refusal.value.rule == Rule.NOT_ALLOWED_HERE
    with pytest.raises(PolicyError) as refusal:
        LeaveDraft(writer, page, row=0, reason="Obsolete.").execute()
    assert refusal.value.rule == Rule.STALE
    leave(page, writer)
    for act in (leave, merge):
        with pytest.raises(PolicyError) as refusal:
            act(page, writer)
        assert refusal.value.rule == Rule.NOT_SET_ASIDE


def test_what_was_left_stays_so_in_the_database(page: MonographPage, writer: Any) -> None:
    row = leave(page, writer)
    changes = [
        "UPDATE review_setasidedraft SET status = 'open'",
        "UPDATE review_setasidedraft SET reason = 'Another.'",
        "UPDATE review_setasidedraft SET merged_revision_id = revision_id",
    ]
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    row.refresh_from_db()
    assert (row.status, row.reason) == (SetAsideStatus.LEFT, "Obsolete.")


def test_it_is_left_on_its_screen(page: MonographPage, writer: Any) -> None:
    client = client_of(writer)
    row = SetAsideDraft.objects.get()
    screen = text_of(client.get(address(page)))
    assert "Leave it in the history" in screen
    refused = client.post(address(page), {"row": row.pk, "reason": " "})
    assert refused.status_code == 400
    assert "Say why it is not merged" in text_of(refused)
    assert 'aria-invalid="true"' in text_of(refused)
    stale = client.post(address(page), {"row": row.pk + 1, "reason": "It was restored."})
    assert stale.status_code == 403
    assert "It was restored." in text_of(stale), "what was typed stays"
    answer = client.post(address(page), {"row": row.pk, "reason": "It was restored."}, follow=True)
    assert answer.redirect_chain == [(reverse("wagtailadmin_pages:edit", args=[page.pk]), 302)]
    assert "is left in the history of the page" in text_of(answer)
    for name in ("draft", "merge"):
        ended = text_of(client.get(address(page, name)))
        assert "by Writer Tester on" in ended
        assert "“It was restored.”" in ended
        assert "Leave it in the history" not in ended
    record = client.get(reverse("review:record", args=[page.translation_key]))
    assert "Writer Tester left the draft set aside in the history" in text_of(record)

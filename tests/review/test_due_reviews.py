"""A page is reviewed and nothing changes: one signed act, and the list from which it is prepared."""

from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.urls import reverse

from monographs.core.db_clock import database_today
from monographs.editions.models import Contribution, Edition, LedgerEntry, Publication, ReviewKind, Signature
from monographs.editions.queries import current_edition, public_edition
from monographs.editions.review_dates import add_months
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.label_watch.models import UpdateTask
from monographs.label_watch.task_labels import LabelTaskOutcome
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import (
    UNCHANGED_MEANING,
    AddNote,
    DeclareConflict,
    MakeBundle,
    ProposeRetirement,
    Recall,
    SignUnchanged,
    Withdraw,
    WithdrawSuggestion,
)
from monographs.review.due_reviews.due_rows import WROTE, due_rows
from monographs.review.models import MedicalReviewTask, Submission, SubmissionStatus
from monographs.review.policy import ALLOWED
from monographs.review.progress import active_statements
from monographs.source_library.models import SourceOutcome, SourceTask
from tests.conftest import as_user, run_deferred_constraints
from tests.factories import (
    PASSWORD,
    edit,
    make_monograph,
    make_signer,
    make_standard_text,
    make_user,
    publish,
    reword,
    sign,
    submit,
)
from tests.outside_review.outside_experts import InvitedExpert, confirm_expert, record_expert
from tests.review.standard_text_pages import include, signed
from tests.review.suggested_words import suggest
from tests.source_library.library import add_source

pytestmark = pytest.mark.django_db


def sign_unchanged(page: Any, by: Any, **changes: Any) -> Submission:
    """Sign that nothing of ``page`` has to change, as the screen does."""
    edition = public_edition(page.translation_key) or current_edition(page.translation_key)
    terms = {
        "seen_sha256": edition.sha256,
        "ticked": active_statements(edition.kind),
        "password": PASSWORD,
    }
    return SignUnchanged(by, page, **terms | changes).execute()


def refused(page: Any, by: Any, **changes: Any) -> PolicyError:
    """Return why ``by`` may not sign; nothing of it is left."""
    before = (Edition.objects.count(), Submission.objects.count(), Contribution.objects.count())
    with pytest.raises(PolicyError) as refusal:
        sign_unchanged(page, by, **changes)
    assert (Edition.objects.count(), Submission.objects.count(), Contribution.objects.count()) == before
    return refusal.value


def test_who_has_an_interest_in_the_medicine_cannot_sign_that_nothing_changes(
    published_medicine: Any, reviewer2: Any
) -> None:
    page = published_medicine
    interest = {"reason": "Runs a trial of it.", "starts_on": database_today()}
    DeclareConflict(reviewer2, page.translation_key, reviewer2, **interest).execute()
    assert refused(page, reviewer2).rule == Rule.CONFLICT_OF_INTEREST
    (row,) = due_rows(reviewer2, list(Publication.objects.filter(key=page.translation_key)))
    assert "conflict of interest" in row.obstacle


def test_one_signature_moves_the_dates_and_nothing_else(published_medicine: Any, reviewer2: Any) -> None:
    page, first = published_medicine, current_edition(published_medicine.translation_key)
    revision = page.get_latest_revision().pk
    submission = sign_unchanged(page, reviewer2)
    run_deferred_constraints()
    second = public_edition(page.translation_key)
    assert (second.number, second.sha256, second.canonical) == (2, first.sha256, first.canonical)
    assert second.review_kind == ReviewKind.FULL_REVIEW
    assert second.last_reviewed == database_today()
    assert second.next_due == add_months(database_today(), second.document.review_interval_months)
    assert [each["name"] for each in second.reviewers] == ["Reviewer2 Tester"]
    assert second.contributors == first.contributors
    submission.refresh_from_db()
    assert submission.status == SubmissionStatus.SIGNED
    signature = Signature.objects.get(submission=submission.uuid)
    assert (signature.meaning, signature.sha256) == (UNCHANGED_MEANING, first.sha256)
    page.refresh_from_db()
    assert page.get_latest_revision().pk == revision
    assert not page.is_frozen
    call_command("ledger", "verify")


def test_the_act_is_in_the_ledger_with_what_was_ticked(published_medicine: Any, reviewer2: Any) -> None:
    before = LedgerEntry.objects.count()
    sign_unchanged(published_medicine, reviewer2)
    entries = list(LedgerEntry.objects.order_by("seq")[before:])
    expected = ["contributed", "submitted", "checked", "signed", "edition", "publication"]
    assert [entry.event for entry in entries] == expected
    assert '"nothing_to_change":true' in entries[1].body
    assert '"whole":true' in entries[2].body


def test_no_author_of_the_text_signs_it(writer: Any, reviewer: Any, reviewer2: Any, editor: Any) -> None:
    page = make_monograph(by=writer)
    publish(page, writer, reviewer2)
    edit(page, reviewer, summary="testumab is a medecine.")
    publish(page, reviewer, reviewer2, kind=ReviewKind.CORRECTION)
    writing_reviewer = get_user_model().objects.get(pk=writer.pk)
    writing_reviewer.groups.set(reviewer.groups.all())
    assert refused(page, reviewer).rule == Rule.CONTRIBUTED
    make_signer(writing_reviewer, "MD")
    assert refused(page, writing_reviewer).rule == Rule.CONTRIBUTED  # wrote what the correction left
    sign_unchanged(page, reviewer2)
    assert refused(page, writing_reviewer).rule == Rule.CONTRIBUTED  # and the year after
    assert refused(page, editor).rule == Rule.NOT_A_REVIEWER


def test_no_author_of_a_standard_text_in_it_signs_it(writer: Any, reviewer: Any, reviewer2: Any) -> None:
    """Also of an earlier version: most of the words of the one that is included may be from that."""
    page = make_standard_text("Report side effects", by=reviewer)
    publish(page, reviewer, reviewer2)
    publish(reword(page, writer, "Call the number on the box."), writer, reviewer2)
    medicine = make_monograph(by=writer)
    publish(include(medicine, writer, signed(page)), writer, reviewer2)
    assert refused(medicine, reviewer).rule == Rule.CONTRIBUTED
    (row,) = due_rows(reviewer, list(Publication.objects.filter(key=medicine.translation_key)))
    assert row.obstacle == WROTE
    publish(reword(page, reviewer2, "Call us."), writer, reviewer)  # no word of this version is in it
    sign_unchanged(medicine, reviewer2)
    run_deferred_constraints()


def test_who_wrote_most_of_it_before_the_last_full_review_is_an_author_still(
    writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    """A full review of one changed sentence, and a review without a change, make nobody else its author."""
    page = make_monograph(by=reviewer)
    publish(page, reviewer, reviewer2)
    edit(page, writer, summary="testumab is a medicine.")
    publish(page, writer, reviewer2)
    key = page.translation_key
    assert "reviewer" not in {each["username"] for each in current_edition(key).contributors}
    for _ in ("this year", "and the next"):
        assert refused(page, reviewer).rule == Rule.CONTRIBUTED
        (row,) = due_rows(reviewer, list(Publication.objects.filter(key=key)))
        assert row.obstacle == WROTE
        sign_unchanged(page, reviewer2)
    assert {"reviewer", "writer"} <= {each["username"] for each in current_edition(key).contributors}


def test_the_database_refuses_an_author_that_the_policy_would_let_through(
    published_medicine: Any, reviewer: Any, reviewer2: Any
) -> None:
    page = published_medicine
    edit(page, reviewer, how_it_works="Words of a reviewer.")
    publish(page, reviewer, reviewer2)
    with (
        patch("monographs.review.policies.unchanged_policy.wrote", return_value=False),
        pytest.raises(PolicyError, match="signatures"),
    ):
        sign_unchanged(page, reviewer)
    assert current_edition(page.translation_key).number == 2


def test_it_is_refused_while_something_contradicts_it(
    published_medicine: Any, writer: Any, reviewer: Any, reviewer2: Any, editor: Any
) -> None:
    page, key = published_medicine, published_medicine.translation_key
    task = UpdateTask.objects.create(
        key=key, set_id="00000000-0000-4000-8000-000000000000", title="testumab", edition=1, from_version=1,
        to_version=2, change_class="substance", opened_at="2026-01-01T00:00Z", due_on=database_today(),
    )  # fmt: skip
    assert refused(page, reviewer2).rule == Rule.LABEL_CHANGE_OPEN
    task.closed_at, task.outcome = "2026-01-02T00:00Z", LabelTaskOutcome.ANSWERED
    task.save()
    source = SourceTask.objects.create(key=key, source=add_source(), edition=1, due_on=database_today())
    assert refused(page, reviewer2).rule == Rule.SOURCE_TASK_OPEN
    source.closed_at, source.outcome = "2026-01-02T00:00Z", SourceOutcome.ANSWERED
    source.save()
    proposal = ProposeRetirement(editor, key, cause=WithdrawalReason.RETIRED, note="Old.").execute()
    assert refused(page, reviewer2).rule == Rule.ALREADY_PROPOSED
    proposal.status = "declined"
    proposal.save()
    edit(page, writer, how_it_works="Changed words.")
    assert "An unpublished draft differs" in refused(page, reviewer2).message
    changed = submit(page, writer)
    assert refused(page, reviewer2).rule == Rule.IN_REVIEW
    AddNote(reviewer, changed, section="how_it_works", body="Why?").execute()
    Recall(writer, changed).execute()
    page.revisions.order_by("pk").first().as_object().save_revision(user=writer, clean=False)
    assert refused(page, reviewer2).rule == Rule.OPEN_NOTES
    Withdraw(reviewer, key, cause=WithdrawalReason.MISTAKE, note="Why.", password=PASSWORD).execute()
    assert refused(page, reviewer2).rule == Rule.NOT_PUBLIC


def test_what_was_seen_and_ticked_and_who_signs_is_checked(published_medicine: Any, reviewer2: Any) -> None:
    assert refused(published_medicine, reviewer2, seen_sha256="0" * 64).rule == Rule.STALE
    assert refused(published_medicine, reviewer2, ticked=[]).rule == Rule.NOT_TICKED
    assert refused(published_medicine, reviewer2, seen_signer="0" * 64).rule == Rule.STALE
    assert refused(published_medicine, reviewer2, password="wrong").rule == Rule.WRONG_PASSWORD


def test_two_signatures_are_two_acts_by_two_people(
    published_medicine: Any, reviewer: Any, reviewer2: Any
) -> None:
    MedicalReviewTask.objects.update(signatures=2)
    submission = sign_unchanged(published_medicine, reviewer2)
    submission.refresh_from_db()
    assert submission.is_open
    assert refused(published_medicine, reviewer2).rule == Rule.ALREADY_SIGNED
    again = sign_unchanged(published_medicine, reviewer)
    assert again.pk == submission.pk
    assert current_edition(published_medicine.translation_key).number == 2
    run_deferred_constraints()


def test_who_vouches_for_an_expert_who_signed_does_not_sign_it_as_unchanged(
    published_medicine: Any,
    editor: Any,
    writer: Any,
    reviewer2: Any,
    settings: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    settings.OUTSIDE_SIGNATURES = True
    MedicalReviewTask.objects.update(signatures=2)
    both = make_user("both", "Editors", "Medical reviewers", credentials="PharmD")
    expert = record_expert(editor)
    confirm_expert(both, expert)
    sent = submit(published_medicine, writer, nothing_to_change=True)
    invited = InvitedExpert(editor, sent, expert, django_capture_on_commit_callbacks)
    invited.read()
    assert invited.sign(invited.ask_code()).status_code == 200
    assert refused(published_medicine, both).rule == Rule.NOT_VOUCHED
    sign_unchanged(published_medicine, reviewer2)


def test_the_same_text_that_a_writer_submitted_is_signed_by_the_same_act(
    published_medicine: Any, writer: Any, reviewer2: Any
) -> None:
    waiting = submit(published_medicine, writer, nothing_to_change=True)
    assert sign_unchanged(published_medicine, reviewer2).pk == waiting.pk
    assert current_edition(published_medicine.translation_key).number == 2


def test_a_signature_in_the_ordinary_way_still_works(
    published_medicine: Any, writer: Any, reviewer2: Any
) -> None:
    sign(submit(published_medicine, writer, nothing_to_change=True), reviewer2)
    assert current_edition(published_medicine.translation_key).number == 2


def test_patients_read_that_the_text_stays_as_it_is(
    published_medicine: Any, writer: Any, reviewer: Any, reviewer2: Any, client: Any
) -> None:
    edit(published_medicine, writer, how_it_works="Other words.", change_note="Other words were chosen.")
    publish(published_medicine, writer, reviewer)
    sign_unchanged(published_medicine, reviewer2)
    path = current_edition(published_medicine.translation_key).path
    for address in ("/whats-new/", f"{path}editions/", "/updates.atom"):
        text = client.get(address).content.decode()
        assert text.count("The text stays as it is.") == 1, address
        assert text.count("Other words were chosen.") == 1, address
    trust = client.get(path).content.decode()
    assert "Reviewer2 Tester" in trust


def test_authors_sign_what_others_wrote_after_a_review_was_recalled(
    published_medicine: Any, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    page = published_medicine
    edit(page, reviewer, how_it_works="Words of a reviewer.")
    publish(page, reviewer, reviewer2)
    MedicalReviewTask.objects.update(signatures=2)
    Recall(reviewer2, sign_unchanged(page, reviewer2)).execute()
    MedicalReviewTask.objects.update(signatures=1)
    edit(page, writer, who_should_take_it="Words of a writer.")
    sign(submit(page, writer), reviewer)
    assert current_edition(page.translation_key).number == 3


def test_an_open_suggestion_contradicts_it_in_list_screen_and_action(
    published_medicine: Any, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    page, key = published_medicine, published_medicine.translation_key
    edit(page, writer, how_it_works="It works for weeks.")
    publish(page, writer, reviewer)
    waiting = submit(page, writer, nothing_to_change=True)
    suggestion = suggest(reviewer, waiting, "weeks", "months")
    for _ in ("while it waits", "after the review"):
        assert refused(page, reviewer2).rule == Rule.OPEN_SUGGESTIONS
        (row,) = due_rows(reviewer2, list(Publication.objects.filter(key=key)))
        assert "Suggestions for this page are open" in row.obstacle
        screen = as_user(reviewer2).get(reverse("due:review", args=[page.pk])).content.decode()
        assert "Suggestions for this page are open" in screen
        if waiting.is_open:
            waiting = Recall(writer, waiting).execute()
    WithdrawSuggestion(reviewer, suggestion).execute()
    sign_unchanged(page, reviewer2)
    assert current_edition(key).number == 3


def test_a_text_of_a_bundle_is_not_signed_alone_by_it(
    published_medicine: Any, writer: Any, reviewer2: Any, editor: Any
) -> None:
    MedicalReviewTask.objects.update(signatures=2)
    page = published_medicine
    texts = [submit(page, writer, nothing_to_change=True), submit(make_monograph("other", by=writer), writer)]
    MakeBundle(editor, texts, title="Together").execute()
    assert refused(page, reviewer2).rule == Rule.IN_A_BUNDLE
    with patch("monographs.review.policies.unchanged_policy.page_allows", return_value=ALLOWED):
        assert refused(page, reviewer2).rule == Rule.IN_A_BUNDLE
    (row,) = due_rows(reviewer2, list(Publication.objects.filter(key=page.translation_key)))
    assert "sign there" in row.obstacle
    assert not Signature.objects.filter(submission__in=[each.uuid for each in texts]).exists()

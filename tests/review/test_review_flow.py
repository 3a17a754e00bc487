"""From draft to edition: submitting, signing, returning, recalling, and who may not."""

import json
import threading
from typing import Any

import pytest
from django.db import connection
from wagtail.models import TaskState

from monographs.document.canonical import sha256_hex
from monographs.editions.models import Edition, LedgerEntry, Publication, ReviewKind, Signature
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import Recall, Return
from monographs.review.models import MedicalReviewTask, Submission, SubmissionStatus
from tests.conftest import run_deferred_constraints
from tests.factories import edit, make_monograph, make_user, publish, sign, submit

pytestmark = pytest.mark.django_db


def refusals() -> list[dict[str, Any]]:
    entries = LedgerEntry.objects.filter(event="refused").order_by("seq")
    return [json.loads(entry.body)["data"] for entry in entries]


def test_a_signed_text_becomes_an_edition_and_wagtails_page_is_updated(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    submission = submit(page, writer)
    assert not Edition.objects.exists()

    sign(submission, reviewer)

    run_deferred_constraints()
    edition = Edition.objects.get()
    assert (edition.number, edition.slug, edition.sha256) == (1, "testumab", submission.sha256)
    assert sha256_hex(edition.canonical.encode()) == submission.sha256
    assert Publication.objects.get(path="/medicines/testumab/").edition == edition
    page = MonographPage.objects.get(pk=page.pk)
    assert page.live
    assert not page.has_unpublished_changes
    assert page.live_revision_id == page.latest_revision_id
    assert page.live_revision.as_object().document_hash() == edition.sha256
    events = list(LedgerEntry.objects.order_by("seq").values_list("event", flat=True))
    assert events == ["contributed", "submitted", "checked", "signed", "edition", "publication"]


def test_a_signature_stores_the_signer_by_value(published_medicine: Any, reviewer: Any) -> None:
    reviewer.last_name = "Renamed"
    reviewer.save()
    signature = Signature.objects.get()
    assert (signature.name, signature.credentials) == ("Reviewer Tester", "PharmD")
    assert "approve it" in signature.meaning


@pytest.mark.parametrize(
    ("who", "rule"),
    [
        ("writer", Rule.NOT_A_REVIEWER),
        ("writer_who_reviews", Rule.CONTRIBUTED),
        ("reviewer_who_changed_a_comma", Rule.CONTRIBUTED),
        ("superuser", Rule.NOT_A_REVIEWER),
        ("superuser_who_reviews_and_wrote", Rule.CONTRIBUTED),
        ("inactive_reviewer", Rule.INACTIVE),
    ],
)
def test_who_may_not_sign(site: Any, who: str, rule: Rule) -> None:
    role = {
        "writer": ["Medical writers"],
        "writer_who_reviews": ["Medical writers", "Medical reviewers"],
        "reviewer_who_changed_a_comma": ["Medical reviewers"],
        "superuser": [],
        "superuser_who_reviews_and_wrote": ["Medical reviewers"],
        "inactive_reviewer": ["Medical reviewers"],
    }[who]
    person = make_user(who, *role, superuser=who.startswith("superuser"))
    other = make_user("other", "Medical writers")
    make_user("free", "Medical reviewers")
    wrote = rule == Rule.CONTRIBUTED
    page = make_monograph(by=other)
    if wrote:
        edit(page, person, how_it_works="About, it.")
    submission = submit(page, other)
    if who == "inactive_reviewer":
        person.is_active = False
        person.save()

    with pytest.raises(PolicyError) as refusal:
        sign(submission, person)

    assert refusal.value.rule == rule
    if rule != Rule.INACTIVE:
        assert "Free Tester" in refusal.value.message, "the refusal names who may sign"
    assert [(r["attempt"], r["rule"]) for r in refusals()] == [("sign", rule.value)]
    assert not Edition.objects.exists()
    assert not Signature.objects.exists()


def test_a_wrong_password_signs_nothing_and_is_logged(writer: Any, reviewer: Any) -> None:
    submission = submit(make_monograph(by=writer), writer)
    with pytest.raises(PolicyError, match="password is not right"):
        sign(submission, reviewer, password="guess")
    assert refusals()[0]["rule"] == "wrong_password"
    assert not Signature.objects.exists()


def test_a_stale_page_cannot_be_signed(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    seen = submit(page, writer)
    Recall(writer, seen).execute()
    edit(page, writer, how_it_works="Something else.")
    again = submit(page, writer)
    with pytest.raises(PolicyError, match="submitted anew"):
        sign(again, reviewer, sha256=seen.sha256)
    assert refusals()[0]["rule"] == "stale"
    with pytest.raises(PolicyError, match="no longer in review"):
        sign(seen, reviewer)
    assert not Edition.objects.exists()


def test_a_revision_rewritten_in_the_database_cannot_be_signed(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    submission = submit(page, writer)
    revision = page.get_latest_revision()
    revision.content["title"] = "another"
    type(revision).objects.filter(pk=revision.pk).update(content=revision.content)
    with pytest.raises(PolicyError, match="no longer says what was submitted"):
        sign(submission, reviewer)
    assert not Edition.objects.exists()


def test_a_submission_rewritten_in_the_database_cannot_be_signed(writer: Any, reviewer: Any) -> None:
    """Otherwise the reviewer reads one text and signs another, once the first is put back."""
    MedicalReviewTask.objects.update(signatures=2)
    page = make_monograph(by=writer)
    submission = submit(page, writer)
    shown = submission.canonical.replace("Fever", "Nothing")
    assert shown != submission.canonical
    Submission.objects.filter(pk=submission.pk).update(canonical=shown)
    with pytest.raises(PolicyError, match="not the one that was submitted"):
        sign(submission, reviewer)
    assert not Signature.objects.exists()
    Submission.objects.filter(pk=submission.pk).update(canonical=submission.canonical)
    sign(submission, reviewer)
    assert Signature.objects.count() == 1


def test_a_page_in_review_is_locked_for_everybody_until_returned(
    writer: Any, reviewer: Any, superuser: Any
) -> None:
    page = make_monograph(by=writer)
    submission = submit(page, writer)
    frozen = MonographPage.objects.get(pk=page.pk)
    for user in (writer, reviewer, superuser):
        with pytest.raises(PolicyError, match="in review"):
            frozen.save_revision(user=user)
        assert frozen.get_lock().for_user(user)

    Return(reviewer, submission, reason="Explain the pump.").execute()

    submission.refresh_from_db()
    assert (submission.status, submission.outcome) == (SubmissionStatus.RETURNED, "Explain the pump.")
    edit(page, writer, how_it_works="Better.")
    second = submit(page, writer)
    sign(second, reviewer)
    assert Edition.objects.get().sha256 == second.sha256


def test_recalling_unlocks_the_page_and_only_some_users_may(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    submission = submit(page, writer)
    stranger = make_user("stranger", "Medical writers")
    with pytest.raises(PolicyError, match="may recall it"):
        Recall(stranger, submission).execute()
    Recall(writer, submission).execute()
    submission.refresh_from_db()
    assert submission.status == SubmissionStatus.RECALLED
    assert not MonographPage.objects.get(pk=page.pk).is_frozen
    with pytest.raises(PolicyError, match="no longer in review: recalled by Writer Tester"):
        sign(submission, reviewer)


def test_a_submission_whose_page_was_deleted_can_be_recalled(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    submission = submit(page, writer)
    MonographPage.objects.get(pk=page.pk).delete()
    submission.refresh_from_db()
    with pytest.raises(PolicyError, match="at no step of review"):
        sign(submission, reviewer)
    Recall(writer, submission).execute()
    submission.refresh_from_db()
    assert submission.status == SubmissionStatus.RECALLED


def test_wagtails_own_approval_publishes_nothing(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    submission = submit(page, writer)
    state = submission.workflow_state.current_task_state.specific
    with pytest.raises(PolicyError, match="Sign on the review page"):
        state.task.specific.on_action(state, reviewer, "approve", signed=True, force=True)
    assert refusals()[-1]["attempt"] == "workflow approve"
    with pytest.raises(PolicyError, match="signatures"):
        TaskState.objects.get(pk=state.pk).approve(user=reviewer)
    with pytest.raises(PolicyError):
        submission.workflow_state.finish(user=reviewer)
    assert not Edition.objects.exists()


def test_disabling_the_step_during_a_review_publishes_nothing(writer: Any, reviewer: Any) -> None:
    submission = submit(make_monograph(by=writer), writer)
    task = submission.workflow_state.current_task_state.task.specific
    with pytest.raises(PolicyError, match="Nothing was published"):
        task.deactivate(user=reviewer)
    assert not Edition.objects.exists()


def test_wagtails_own_submission_is_refused(writer: Any) -> None:
    page = make_monograph(by=writer)
    with pytest.raises(PolicyError, match="Submit for review"):
        page.get_workflow().start(page, writer)
    assert not page.workflow_states.exists()


def test_a_correction_keeps_the_date_of_the_last_review(
    published_medicine: Any, writer: Any, reviewer: Any
) -> None:
    page = published_medicine
    _date_back_a_year()
    first = Edition.objects.get()
    edit(page, writer, how_it_works="About: how_it_works.")
    publish(page, writer, reviewer, kind=ReviewKind.CORRECTION)
    second = Edition.objects.of(first.key).first()
    assert second is not None
    assert (second.number, second.review_kind) == (2, "correction")
    assert (second.last_reviewed, second.next_due) == (first.last_reviewed, first.next_due)
    edit(page, writer, how_it_works="All new.")
    publish(page, writer, reviewer)
    third = Edition.objects.of(first.key).first()
    assert third is not None
    assert third.last_reviewed == third.created_at.date() > first.last_reviewed


def _date_back_a_year() -> None:
    """Move the review dates of every edition back, as if the database's clock had gone on since."""
    run_deferred_constraints()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE editions_edition SET last_reviewed = last_reviewed - 365, next_due = next_due - 365"
        )
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_a_first_edition_cannot_be_a_correction_and_a_correction_must_change(
    writer: Any, reviewer: Any
) -> None:
    page = make_monograph(by=writer)
    with pytest.raises(PolicyError, match="needs a full review"):
        submit(page, writer, kind=ReviewKind.CORRECTION)
    publish(page, writer, reviewer)
    edit(page, writer, change_note="", how_it_works="Other.")
    with pytest.raises(PolicyError, match="What changed"):
        submit(page, writer)


def test_a_contributor_to_the_last_edition_may_sign_the_next(writer: Any, reviewer: Any) -> None:
    both = make_user("both", "Medical writers", "Medical reviewers")
    page = make_monograph(by=both)
    publish(page, both, reviewer)
    edit(page, writer, how_it_works="By somebody else.")
    publish(page, writer, both)
    assert Edition.objects.count() == 2


def test_a_new_slug_moves_the_public_path_only_when_signed(
    published_medicine: Any, writer: Any, reviewer: Any
) -> None:
    page = published_medicine
    edit(page, writer, slug="testumab-new")
    assert Publication.objects.get().path == "/medicines/testumab/"
    publish(page, writer, reviewer)
    states = dict(Publication.objects.values_list("path", "state"))
    assert states == {"/medicines/testumab/": "moved", "/medicines/testumab-new/": "current"}


def test_a_step_that_needs_two_signatures_waits_for_the_second(
    writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    page = make_monograph(by=writer)
    task = page.get_workflow().tasks.get().specific
    task.signatures = 2
    task.save()
    submission = submit(page, writer)
    sign(submission, reviewer)
    assert not Edition.objects.exists()
    with pytest.raises(PolicyError, match="You have signed"):
        sign(submission, reviewer)
    sign(submission, reviewer2)
    run_deferred_constraints()
    assert [r["name"] for r in Edition.objects.get().reviewers] == ["Reviewer Tester", "Reviewer2 Tester"]


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_at_the_same_moment_make_one_edition(
    writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    submission = submit(make_monograph(by=writer), writer)
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def attempt(user: Any) -> None:
        try:
            barrier.wait()
            sign(Submission.objects.get(pk=submission.pk), user)
            outcomes.append("signed")
        except PolicyError as refusal:
            outcomes.append(refusal.rule)
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=[user]) for user in (reviewer, reviewer2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["not_in_review", "signed"]
    assert Edition.objects.count() == Signature.objects.count() == 1
    assert [r["rule"] for r in refusals()] == ["not_in_review"]

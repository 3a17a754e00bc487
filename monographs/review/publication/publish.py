"""The end of a review: make the edition and publish it, or schedule it; then update Wagtail's page."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import transaction

from monographs.accounts.actors import person_of
from monographs.core.db_clock import database_now
from monographs.editions.figure_files import FigureFileError
from monographs.editions.ledger import Event, append_entry
from monographs.editions.models import Edition, ReviewKind, iso
from monographs.editions.person import Person
from monographs.editions.publishing import (
    NameTaken,
    PathTaken,
    check_name_free,
    check_publishable,
    make_edition,
    set_publication,
)
from monographs.editions.signatures import MissingSignatures, check_signed, signatures_for
from monographs.pages.refusals import PolicyError, Rule
from monographs.presentation.moments import moment_text
from monographs.review import notifications
from monographs.review.models import MedicalReviewTask, Submission, SubmissionStatus, submission_of
from monographs.review.policy import excluded_users
from monographs.review.publication import page_sync
from monographs.review.publication.integrity import latest_revision, unchanged_revision
from monographs.review.publication.submission_close import close
from monographs.review.record_locks import lock_record

if TYPE_CHECKING:
    from wagtail.models import Revision, WorkflowState


@transaction.atomic
def publish_signed(workflow_state: "WorkflowState", user: User | None = None) -> None:
    """Publish or schedule the submission of ``workflow_state``, or raise ``PolicyError``.

    Wagtail calls it when a workflow has no step left: after the last signature, and just as well when a step
    is disabled or its own approval is called directly. So it relies on nothing that was decided before:
    ``make_edition`` and ``check_publishable`` judge the signatures from the submission's own steps, and
    ``wagtail_integration.blocked_routes.refuse_unsigned`` refuses a revision that was rewritten.
    """
    submission = submission_of(workflow_state)
    if submission is not None:
        lock_record(submission.key)
        submission.refresh_from_db()
    if submission is None or not submission.is_open:
        raise PolicyError(
            Rule.NOT_SIGNED, "Nothing was submitted in this review, so nothing can be published."
        )
    _check_current_steps(submission, workflow_state)
    revision = unchanged_revision(submission) if submission.restores else latest_revision(submission)
    actor = person_of(user)
    if submission.publish_at and submission.publish_at > database_now():
        schedule(submission, revision, submission.publish_at, actor)
    else:
        publish(submission, revision, actor, user)


def _check_current_steps(submission: Submission, workflow_state: "WorkflowState") -> None:
    """Raise ``PolicyError`` unless each step has the signatures it asks for as it is configured now.

    ``make_edition`` checks the steps as they were when the text was submitted; one that asks for more since
    then must have those too.
    """
    tasks = [state.task.specific for state in workflow_state.task_states.select_related("task")]
    steps = dict.fromkeys(task.as_step() for task in tasks if isinstance(task, MedicalReviewTask))
    signatures = signatures_for(submission.uuid, submission.sha256)
    try:
        check_signed(signatures, list(steps), excluded_users(submission.key))
    except MissingSignatures as error:
        raise refusal_of(error) from error


def publish(
    submission: Submission, revision: "Revision | None", actor: Person, user: User | None = None
) -> Edition:
    """Make the edition of ``submission`` and publish it to patients.

    ``revision`` is the draft that says the same, None if no draft does. Raises ``PolicyError``; the caller's
    transaction is then rolled back.
    """
    try:
        edition = make_edition(
            submission.text,
            submission=submission.uuid,
            steps=submission.as_steps(),
            review_kind=ReviewKind(submission.review_kind),
            reason=submission.reason,
            actor=actor,
            restores=submission.restores,
        )
        set_publication(edition, actor=actor)
    except (MissingSignatures, PathTaken, NameTaken, FigureFileError) as error:
        raise refusal_of(error) from error
    close(submission, SubmissionStatus.SIGNED, actor, f"Edition {edition.number}")
    page_sync.mark_published(submission, revision, user)
    notifications.published(submission, edition, actor)
    return edition


def schedule(
    submission: Submission, revision: "Revision | None", publish_at: datetime, actor: Person
) -> None:
    """Keep a fully signed submission until ``publish_at``. Raises ``PolicyError`` if it is not."""
    try:
        check_publishable(submission.text, submission.uuid, submission.as_steps())
        check_name_free(submission.document)
    except (MissingSignatures, NameTaken, FigureFileError) as error:
        raise refusal_of(error) from error
    close(submission, SubmissionStatus.SCHEDULED, actor, f"Public from {moment_text(publish_at)}")
    append_entry(
        Event.SCHEDULED,
        actor,
        {
            "submission": str(submission.uuid),
            "sha256": submission.sha256,
            "publish_at": iso(publish_at),
        },
        subject=submission.key,
    )
    page_sync.mark_scheduled(submission, revision)
    notifications.scheduled(submission, actor)


def refusal_of(error: MissingSignatures | PathTaken | NameTaken | FigureFileError) -> PolicyError:
    """Return the refusal that states why a text could not be published."""
    match error:
        case MissingSignatures():
            return PolicyError(Rule.NOT_SIGNED, f"{error} Nothing was published.")
        case PathTaken():
            return PolicyError(Rule.PATH_TAKEN, str(error))
        case NameTaken():
            return PolicyError(Rule.NAME_TAKEN, str(error))
    return PolicyError(Rule.STALE, f"A picture is not as it was submitted ({error}). Return the text.")

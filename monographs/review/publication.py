"""The end of the workflow: edition and publication, or the wait for its day; and Wagtail's page in line."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import WorkflowState

from monographs.editions.figure_files import FigureFileError
from monographs.editions.ledger import Event, append_entry
from monographs.editions.models import Edition, ReviewKind, iso
from monographs.editions.person import Person
from monographs.editions.publishing import PathTaken, check_publishable, make_edition, set_publication
from monographs.editions.signatures import MissingSignatures
from monographs.review import notifications
from monographs.review.contributors import person_of
from monographs.review.integrity import signed_revision
from monographs.review.models import MedicalReviewTask, Submission, SubmissionStatus
from monographs.review.refusals import ReviewRefused, Rule
from monographs.review.submission_close import close
from monographs.review.wagtail_integration import page_sync
from monographs.review.wagtail_integration.workflow_guard import check_step


@transaction.atomic
def publish_signed(workflow_state: WorkflowState, user: Any = None) -> None:
    """Publish what was signed, now or on its day, or refuse; the whole approval is rolled back with it.

    Called by Wagtail when no step is left, which is also what happens when a step is disabled or a
    workflow has none; so everything is checked again here, from the submission.
    """
    submission = (
        Submission.objects.select_for_update(of=("self",)).filter(workflow_state=workflow_state).first()
    )
    if submission is None or not submission.is_open:
        raise ReviewRefused(
            Rule.NOT_SIGNED, "Nothing was submitted in this review, so nothing can be published."
        )
    revision = signed_revision(submission)
    _check_steps_of_today(submission, workflow_state)
    actor = person_of(user)
    if submission.publish_at and submission.publish_at > timezone.now():
        schedule(submission, revision, submission.publish_at, actor)
    else:
        publish(submission, revision, actor, user)


def _check_steps_of_today(submission: Submission, workflow_state: WorkflowState) -> None:
    """Each step as it is now: one that asks for more since the text was submitted must have it too."""
    for state in workflow_state.task_states.select_related("task"):
        task = state.task.specific
        if isinstance(task, MedicalReviewTask):
            try:
                check_step(submission, task)
            except MissingSignatures as error:
                raise refusal_of(error) from error


def publish(submission: Submission, revision: Any, actor: Person, user: Any = None) -> Edition:
    """Make the edition and show it to patients; ``revision`` is the draft that says it, if one does.

    Raises ``ReviewRefused``; nothing is kept then.
    """
    try:
        edition = make_edition(
            submission.document,
            submission=submission.uuid,
            steps=submission.as_steps(),
            review_kind=ReviewKind(submission.review_kind),
            reason=submission.reason,
            actor=actor,
            restores=submission.restores,
        )
        set_publication(edition, actor=actor)
    except (MissingSignatures, PathTaken, FigureFileError) as error:
        raise refusal_of(error) from error
    close(submission, SubmissionStatus.SIGNED, actor, f"Edition {edition.number}")
    page_sync.mark_published(submission, revision, user)
    notifications.published(submission, edition, actor)
    return edition


def schedule(submission: Submission, revision: Any, publish_at: datetime, actor: Person) -> None:
    """Keep a fully signed text for its day. Raises ``ReviewRefused`` if it is not fully signed."""
    try:
        check_publishable(submission.document, submission.uuid, submission.as_steps())
    except (MissingSignatures, FigureFileError) as error:
        raise refusal_of(error) from error
    close(submission, SubmissionStatus.SCHEDULED, actor, f"Public from {publish_at:%Y-%m-%d %H:%M} UTC")
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


def refusal_of(error: MissingSignatures | PathTaken | FigureFileError) -> ReviewRefused:
    """What kept a text from being published, for the person who tried."""
    match error:
        case MissingSignatures():
            return ReviewRefused(Rule.NOT_SIGNED, f"{error} Nothing was published.")
        case PathTaken():
            return ReviewRefused(Rule.PATH_TAKEN, str(error))
    return ReviewRefused(Rule.STALE, f"A picture is not as it was submitted ({error}). Return the text.")

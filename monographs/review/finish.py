"""The end of the workflow: edition and publication, or the wait for its day; and Wagtail's page in line."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import WorkflowState

from monographs.editions.figures import FigureLost
from monographs.editions.ledger import Event, record
from monographs.editions.making import NotSigned, PathTaken, check_ready, flip, make_edition
from monographs.editions.models import Edition, ReviewKind, iso
from monographs.editions.people import Person
from monographs.review import desk, notices
from monographs.review.closing import close
from monographs.review.frozen import signed_revision
from monographs.review.guard import check_step
from monographs.review.models import MedicalReviewTask, Submission, SubmissionStatus
from monographs.review.people import person_of
from monographs.review.refusals import Refused, Rule


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
        raise Refused(Rule.NOT_SIGNED, "Nothing was submitted in this review, so nothing can be published.")
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
            except NotSigned as error:
                raise refusal_of(error) from error


def publish(submission: Submission, revision: Any, actor: Person, user: Any = None) -> Edition:
    """Make the edition and show it to patients; ``revision`` is the draft that says it, if one does.

    Raises ``Refused``; nothing is kept then.
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
        flip(edition, actor=actor)
    except (NotSigned, PathTaken, FigureLost) as error:
        raise refusal_of(error) from error
    close(submission, SubmissionStatus.SIGNED, actor, f"Edition {edition.number}")
    desk.show_published(submission, revision, user)
    notices.published(submission, edition, actor)
    return edition


def schedule(submission: Submission, revision: Any, publish_at: datetime, actor: Person) -> None:
    """Keep a fully signed text for its day. Raises ``Refused`` if it is not fully signed."""
    try:
        check_ready(submission.document, submission.uuid, submission.as_steps())
    except (NotSigned, FigureLost) as error:
        raise refusal_of(error) from error
    close(submission, SubmissionStatus.SCHEDULED, actor, f"Public from {publish_at:%Y-%m-%d %H:%M} UTC")
    record(
        Event.SCHEDULED,
        actor,
        {
            "submission": str(submission.uuid),
            "sha256": submission.sha256,
            "publish_at": iso(publish_at),
        },
        subject=submission.key,
    )
    desk.show_scheduled(submission, revision)
    notices.scheduled(submission, actor)


def refusal_of(error: NotSigned | PathTaken | FigureLost) -> Refused:
    """What kept a text from being published, for the person who tried."""
    match error:
        case NotSigned():
            return Refused(Rule.NOT_SIGNED, f"{error} Nothing was published.")
        case PathTaken():
            return Refused(Rule.PATH_TAKEN, str(error))
    return Refused(Rule.STALE, f"A picture is not as it was submitted ({error}). Return the text.")

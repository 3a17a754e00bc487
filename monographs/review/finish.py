"""The end of the workflow: edition, publication, and Wagtail's page brought in line."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.models import WorkflowState

from monographs.editions.figures import FigureLost
from monographs.editions.making import NotSigned, PathTaken, flip, make_edition
from monographs.editions.models import ReviewKind
from monographs.review.closing import close
from monographs.review.frozen import signed_revision
from monographs.review.models import Submission, SubmissionStatus
from monographs.review.people import person_of
from monographs.review.refusals import Refused, Rule


@transaction.atomic
def publish_signed(workflow_state: WorkflowState, user: Any = None) -> None:
    """Publish what was signed, or refuse; the whole approval is rolled back with it.

    Called by Wagtail when no step is left, which is also what happens when a step is disabled or a
    workflow has none; so everything is checked again here, from the submission.
    """
    submission = (
        Submission.objects.select_for_update(of=("self",)).filter(workflow_state=workflow_state).first()
    )
    if submission is None or not submission.is_open:
        raise Refused(Rule.NOT_SIGNED, "Nothing was submitted in this review, so nothing can be published.")
    revision = signed_revision(submission)
    actor = person_of(user)
    try:
        edition = make_edition(
            submission.document,
            submission=submission.uuid,
            steps=submission.as_steps(),
            review_kind=ReviewKind(submission.review_kind),
            reason=submission.reason,
            actor=actor,
        )
        flip(edition, actor=actor)
    except NotSigned as error:
        raise Refused(Rule.NOT_SIGNED, f"{error} Nothing was published.") from error
    except PathTaken as error:
        raise Refused(Rule.PATH_TAKEN, str(error)) from error
    except FigureLost as error:
        raise Refused(
            Rule.STALE, f"A picture is not as it was submitted ({error}). Return the text."
        ) from error
    close(submission, SubmissionStatus.SIGNED, actor, f"Edition {edition.number}")
    try:
        revision.publish(user=user, skip_permission_checks=True)
    except ValidationError as error:
        raise Refused(
            Rule.STALE, f"Wagtail cannot publish the page: {' '.join(error.messages)} Return the text."
        ) from error

"""Wagtail's own ways to end a workflow, brought into our record."""

from typing import Any

from django.dispatch import receiver
from wagtail.models import WorkflowState
from wagtail.signals import workflow_cancelled

from monographs.review.closing import close_recalled
from monographs.review.guard import submission_of
from monographs.review.people import person_of


@receiver(workflow_cancelled, sender=WorkflowState, dispatch_uid="recall_cancelled_submission")
def cancelled(instance: WorkflowState, user: Any = None, **kwargs: Any) -> None:
    """A cancelled workflow is a recalled submission, by our button or by Wagtail's."""
    submission = submission_of(instance)
    if submission is None or not submission.is_open:
        return
    close_recalled(submission, person_of(user))

"""Wagtail's own ways to end a workflow, brought into our record."""

from typing import Any

from django.dispatch import receiver
from wagtail.models import WorkflowState
from wagtail.signals import workflow_cancelled

from monographs.review.contributors import person_of
from monographs.review.submission_close import close_recalled
from monographs.review.wagtail_integration.workflow_guard import submission_of


@receiver(workflow_cancelled, sender=WorkflowState, dispatch_uid="recall_cancelled_submission")
def cancelled(instance: WorkflowState, user: Any = None, **kwargs: Any) -> None:
    """A cancelled workflow is a recalled submission, by our button or by Wagtail's."""
    submission = submission_of(instance)
    if submission is None or not submission.is_open:
        return
    close_recalled(submission, person_of(user))

"""Recalling the submission when its workflow is cancelled by Wagtail's own means."""

from typing import Any

from django.contrib.auth.models import User
from django.dispatch import receiver
from wagtail.models import WorkflowState
from wagtail.signals import workflow_cancelled

from monographs.accounts.actors import person_of
from monographs.review.models import submission_of
from monographs.review.publication.submission_close import close_recalled


@receiver(workflow_cancelled, sender=WorkflowState, dispatch_uid="recall_cancelled_submission")
def recall_cancelled(instance: WorkflowState, user: User | None = None, **kwargs: Any) -> None:
    """Close the submission of a cancelled workflow as recalled, unless our own action has done so."""
    submission = submission_of(instance)
    if submission is None or not submission.is_open:
        return
    close_recalled(submission, person_of(user))

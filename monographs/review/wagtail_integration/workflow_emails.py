"""Wagtail's workflow emails, suppressed for pages under medical review.

They repeat ours, ask people who may not sign, and call “approved” what has one signature of two. Wagtail
connects its notifiers under names (``wagtail.admin.signal_handlers``); ours are connected under the same
names, so that they replace Wagtail's in whichever order the apps start.
"""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.admin import mail
from wagtail.models import TaskState, WorkflowState
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected, workflow_submitted

from monographs.models import ReviewedPage


class _OtherWorkflowsOnly:
    """A mixin that keeps a notifier of Wagtail's from handling reviewed pages."""

    def can_handle(self, instance: Any, **kwargs: Any) -> bool:
        state = instance.workflow_state if isinstance(instance, TaskState) else instance
        reviewed = isinstance(state, WorkflowState) and issubclass(
            ContentType.objects.get_for_id(state.content_type_id).model_class() or type(None), ReviewedPage
        )
        return not reviewed and super().can_handle(instance, **kwargs)  # type: ignore[misc]  # a notifier's


class _TaskSubmitted(_OtherWorkflowsOnly, mail.GroupApprovalTaskStateSubmissionEmailNotifier):
    pass


class _Submitted(_OtherWorkflowsOnly, mail.WorkflowStateSubmissionEmailNotifier):
    pass


class _Approved(_OtherWorkflowsOnly, mail.WorkflowStateApprovalEmailNotifier):
    pass


class _Rejected(_OtherWorkflowsOnly, mail.WorkflowStateRejectionEmailNotifier):
    pass


#: Signals keep weak references, so the notifiers are kept here. Names as Wagtail connects them.
_NOTIFIERS = (
    (task_submitted, TaskState, "group_approval_task_submitted_email_notification", _TaskSubmitted()),
    (workflow_submitted, WorkflowState, "workflow_state_submitted_email_notification", _Submitted()),
    (workflow_approved, WorkflowState, "workflow_state_approved_email_notification", _Approved()),
    (workflow_rejected, WorkflowState, "workflow_state_rejected_email_notification", _Rejected()),
)


def replace_workflow_notifiers() -> None:
    """Replace Wagtail's notifiers by ours; called once, when apps are ready."""
    for signal, sender, name, notifier in _NOTIFIERS:
        signal.disconnect(sender=sender, dispatch_uid=name)
        signal.connect(notifier, sender=sender, dispatch_uid=name)

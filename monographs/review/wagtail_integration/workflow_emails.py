"""Wagtail's own workflow mails, kept quiet about texts under medical review.

They repeat ours, ask people who may not sign, and call “approved” what is only signed once. Wagtail connects
its notifiers under names (``wagtail.admin.signal_handlers``); ours take these names, so that Wagtail's do
not take part, and leave out our reviews. Whichever app starts first, the result is the same.
"""

from typing import Any

from wagtail.admin import mail
from wagtail.models import TaskState, WorkflowState
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected, workflow_submitted

from monographs.models import ReviewedPage


class _OfOtherWorkflows:
    """A notifier with nothing to say about pages that come to patients through review."""

    def can_handle(self, instance: Any, **kwargs: Any) -> bool:
        state = instance.workflow_state if isinstance(instance, TaskState) else instance
        reviewed = isinstance(state, WorkflowState) and issubclass(
            state.content_type.model_class() or type(None), ReviewedPage
        )
        return not reviewed and super().can_handle(instance, **kwargs)  # type: ignore[misc]  # a notifier's


class _TaskSubmitted(_OfOtherWorkflows, mail.GroupApprovalTaskStateSubmissionEmailNotifier):
    pass


class _Submitted(_OfOtherWorkflows, mail.WorkflowStateSubmissionEmailNotifier):
    pass


class _Approved(_OfOtherWorkflows, mail.WorkflowStateApprovalEmailNotifier):
    pass


class _Rejected(_OfOtherWorkflows, mail.WorkflowStateRejectionEmailNotifier):
    pass


#: Signals keep weak references, so the notifiers are kept here. Names as Wagtail connects them.
_NOTIFIERS = (
    (task_submitted, TaskState, "group_approval_task_submitted_email_notification", _TaskSubmitted()),
    (workflow_submitted, WorkflowState, "workflow_state_submitted_email_notification", _Submitted()),
    (workflow_approved, WorkflowState, "workflow_state_approved_email_notification", _Approved()),
    (workflow_rejected, WorkflowState, "workflow_state_rejected_email_notification", _Rejected()),
)


def replace_workflow_notifiers() -> None:
    """Put our notifiers in the place of Wagtail's; called once, when apps are ready."""
    for signal, sender, name, notifier in _NOTIFIERS:
        signal.disconnect(sender=sender, dispatch_uid=name)
        signal.connect(notifier, sender=sender, dispatch_uid=name)

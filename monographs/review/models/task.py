"""The workflow's task, and the lock that freezes what is in review."""

from typing import Any

from django.contrib.auth.models import Group
from django.db import models
from wagtail.locks import WorkflowLock
from wagtail.models import AbstractGroupApprovalTask, Page, TaskState, WorkflowState

from monographs.accounts.actors import ADMIN_ACCESS, ADMIN_ACCESS_APP
from monographs.editions.signatures import ReviewStep


class FrozenLock(WorkflowLock):
    """Nobody edits what is being reviewed; the message says how to open it again."""

    def for_user(self, user: Any) -> bool:
        return True

    def get_message(self, user: Any) -> str:
        return (
            "This page is in review, so nobody can change it. To change it, recall it, or ask the reviewer "
            "to return it."
        )

    def get_locked_by(self, user: Any, can_lock: bool = False) -> str:
        return "Locked: in review"

    def get_description(self, user: Any, can_lock: bool = False) -> str:
        return "Nobody can make changes while the page is in review"


class MedicalReviewTask(AbstractGroupApprovalTask):
    """A step that ends when enough members of its groups have signed the submitted text."""

    groups = models.ManyToManyField(
        Group,
        limit_choices_to={
            "permissions__codename": ADMIN_ACCESS,
            "permissions__content_type__app_label": ADMIN_ACCESS_APP,
        },
        help_text=(
            "Who signs at this step. Only groups to which the desk is open are listed: tick “Can access "
            "Wagtail admin” of one that is missing, first."
        ),
    )
    signatures = models.PositiveSmallIntegerField(
        default=1, help_text="How many different people must sign at this step."
    )

    lock_class = FrozenLock
    admin_form_fields = [*AbstractGroupApprovalTask.admin_form_fields, "signatures"]

    class Meta:
        verbose_name = "medical review task"

    @classmethod
    def get_description(cls) -> str:
        return "Members of the chosen groups who contributed nothing to the text sign it"

    def as_step(self) -> ReviewStep:
        """This task as the record keeps it."""
        return ReviewStep(step=self.name, signatures=max(self.signatures, 1))

    def start(self, workflow_state: WorkflowState, user: Any = None) -> TaskState:
        from monographs.review.wagtail_integration.workflow_guard import check_workflow_start  # noqa: PLC0415  # the guard reads these models

        check_workflow_start(workflow_state)
        return super().start(workflow_state, user=user)

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> None:
        """Approve or reject as far as the record bears it out; whatever else the client sent is ignored."""
        from monographs.review.wagtail_integration.workflow_guard import check_task_action  # noqa: PLC0415  # the guard reads these models

        comment = check_task_action(self, task_state, user, action_name)
        super().on_action(task_state, user, action_name, comment=comment)

    def get_actions(self, obj: Page, user: Any) -> list[Any]:
        """None in Wagtail's own menu: signing needs the whole text, a password and a stated meaning."""
        return []

    def locked_for_user(self, obj: Page, user: Any) -> bool:
        return True

    def user_can_access_editor(self, obj: Page, user: Any) -> bool:
        return bool(self._user_in_groups(user))

    def user_can_lock(self, obj: Page, user: Any) -> bool:
        return False

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        if not self._user_in_groups(user):
            return TaskState.objects.none()
        return self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)

"""The workflow's task, and the lock on pages in review."""

from typing import NoReturn

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import QuerySet
from wagtail.locks import WorkflowLock
from wagtail.models import AbstractGroupApprovalTask, Page, TaskState, WorkflowState

from monographs.accounts.actors import ADMIN_ACCESS, ADMIN_ACCESS_APP, person_of
from monographs.core.users import AnyUser
from monographs.editions.signatures import ReviewStep
from monographs.pages.refusals import PolicyError, Rule, log_refusal_once
from monographs.review.models.submission import Submission, SubmissionStatus, submission_of
from monographs.review.refusals import record_refusal


class FrozenLock(WorkflowLock):
    """Locks a page in review for everybody; the message says how to unlock it."""

    def for_user(self, user: AnyUser) -> bool:
        return True

    def get_message(self, user: AnyUser) -> str:
        return (
            "This page is in review, so nobody can change it. To change it, recall it, or ask the reviewer "
            "to return it."
        )

    def get_locked_by(self, user: AnyUser, can_lock: bool = False) -> str:
        return "Locked: in review"

    def get_description(self, user: AnyUser, can_lock: bool = False) -> str:
        return "Nobody can make changes while the page is in review"


class MedicalReviewTask(AbstractGroupApprovalTask):
    """A review step, which ends when enough members of its groups have signed the submitted text.

    It is started by ``actions.OpenReview`` and ended by ``actions.Sign`` and ``actions.Return`` only.
    """

    groups = models.ManyToManyField(
        Group,
        limit_choices_to={
            "permissions__codename": ADMIN_ACCESS,
            "permissions__content_type__app_label": ADMIN_ACCESS_APP,
        },
        help_text=(
            "Who signs at this step. Only groups with admin access are listed: if one is missing, first tick "
            "“Can access Wagtail admin” for it."
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
        """Return this task as submissions and editions store it."""
        return ReviewStep(step=self.name, signatures=max(self.signatures, 1))

    def start(self, workflow_state: WorkflowState, user: AnyUser | None = None) -> TaskState:
        """Start the step. Raises ``PolicyError`` for a workflow that was not opened by a submission."""
        page = workflow_state.content_object
        submission = Submission.objects.filter(
            key=page.translation_key, status=SubmissionStatus.IN_REVIEW
        ).first()
        if submission is None or submission.workflow_state_id not in (None, workflow_state.pk):
            refusal = PolicyError(
                Rule.NOT_ALLOWED_HERE,
                "Submit the page with “Submit for review”: reviewers need to know what changed and why.",
            )
            log_refusal_once(refusal, "start of a workflow", person_of(workflow_state.requested_by).username)
            raise refusal
        return super().start(workflow_state, user=user)

    def on_action(self, task_state: TaskState, user: AnyUser, action_name: str, **kwargs: object) -> NoReturn:
        """Refuse Wagtail's own approval and rejection, from a view, an API or a script, and record it.

        Signing and returning end the step by ``TaskState.approve`` and ``reject``.
        """
        submission = submission_of(task_state.workflow_state)
        refusal = PolicyError(
            Rule.NOT_ALLOWED_HERE,
            "Sign on the review page, or return the text there: both need to be stated on it.",
        )
        record_refusal(
            refusal, person_of(user), f"workflow {action_name}", submission.key if submission else ""
        )
        raise refusal

    def get_actions(self, obj: Page, user: AnyUser) -> list[tuple[str, str, bool]]:
        """Return no actions for Wagtail's menu: signing needs the text, a password and a stated meaning."""
        return []

    def locked_for_user(self, obj: Page, user: AnyUser) -> bool:
        return True

    def user_can_access_editor(self, obj: Page, user: AnyUser) -> bool:
        return bool(self._user_in_groups(user))

    def user_can_lock(self, obj: Page, user: AnyUser) -> bool:
        return False

    def get_task_states_user_can_moderate(self, user: AnyUser, **kwargs: object) -> QuerySet[TaskState]:
        if not self._user_in_groups(user):
            return TaskState.objects.none()
        return self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)

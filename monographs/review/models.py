"""The workflow's task, what was submitted, and who reviewers are."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from wagtail.admin.panels import FieldPanel
from wagtail.locks import WorkflowLock
from wagtail.models import AbstractGroupApprovalTask, Page, TaskState, WorkflowState
from wagtail.snippets.models import register_snippet

from monographs.document import parse_document
from monographs.editions.making import Step
from monographs.editions.models import ReviewKind
from monographs.editions.people import Person


@register_snippet
class ReviewerProfile(models.Model):
    """What qualifies an account to review, shown to patients beside the reviewer's name.

    Without it, or past its last day, the account cannot sign.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reviewer_profile"
    )
    credentials = models.CharField(max_length=200, help_text="As patients read it, e.g. PharmD, BCOP.")
    field = models.CharField(max_length=200, blank=True, help_text="E.g. haematology pharmacy.")
    expires_on = models.DateField(
        "valid until",
        null=True,
        blank=True,
        help_text="The last day on which this person may sign, e.g. when the registration must be renewed.",
    )

    panels = [FieldPanel(name) for name in ("user", "credentials", "field", "expires_on")]

    def __str__(self) -> str:
        return f"{self.user}: {self.credentials}"

    @property
    def expired(self) -> bool:
        """Whether its last day (UTC) has passed."""
        return self.expires_on is not None and self.expires_on < timezone.now().date()


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

    def as_step(self) -> Step:
        """This task as the record keeps it."""
        return Step(step=self.name, signatures=max(self.signatures, 1))

    def start(self, workflow_state: WorkflowState, user: Any = None) -> TaskState:
        from monographs.review.guard import check_start  # noqa: PLC0415  # the guard reads these models

        check_start(workflow_state)
        return super().start(workflow_state, user=user)

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> None:
        """Approve or reject as far as the record bears it out; whatever else the client sent is ignored."""
        from monographs.review.guard import check_action  # noqa: PLC0415  # the guard reads these models

        comment = check_action(self, task_state, user, action_name)
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


class SubmissionStatus(models.TextChoices):
    """Where a submission stands; only the first two can change."""

    IN_REVIEW = "in_review", "In review"
    SCHEDULED = "scheduled", "Signed, waiting for its day"
    SIGNED = "signed", "Signed"
    RETURNED = "returned", "Returned"
    RECALLED = "recalled", "Recalled"


#: A page has at most one submission of these at a time.
UNDER_WAY = (SubmissionStatus.IN_REVIEW, SubmissionStatus.SCHEDULED)


class Submission(models.Model):
    """One text put before reviewers, by value, so that what they see is what gets signed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    page = models.ForeignKey(Page, null=True, on_delete=models.SET_NULL, related_name="submissions")
    key = models.UUIDField(db_index=True)
    title = models.CharField(max_length=255)
    canonical = models.TextField()
    sha256 = models.CharField(max_length=64)
    steps = models.JSONField()
    workflow_state = models.OneToOneField(
        WorkflowState, null=True, on_delete=models.SET_NULL, related_name="submission"
    )
    review_kind = models.CharField(max_length=20, choices=ReviewKind)
    reason = models.CharField("why the change was made", max_length=1000)
    publish_at = models.DateTimeField(
        null=True, help_text="Not public before this moment, however early it is signed."
    )
    restores = models.PositiveIntegerField(
        null=True, help_text="Number of the earlier edition that is brought back."
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="submissions"
    )
    submitter = models.JSONField()
    submitted_at = models.DateTimeField()
    status = models.CharField(max_length=20, choices=SubmissionStatus, default=SubmissionStatus.IN_REVIEW)
    closed_at = models.DateTimeField(null=True)
    closer = models.JSONField(null=True)
    outcome = models.TextField(blank=True)

    class Meta:
        ordering = ["submitted_at"]
        indexes = [models.Index(fields=["status", "submitted_at"], name="submission_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                condition=models.Q(status__in=["in_review", "scheduled"]),
                name="one_submission_at_a_time_per_page",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}, submitted {self.submitted_at:%Y-%m-%d}"

    @property
    def document(self) -> Any:
        """The submitted document."""
        return parse_document(self.canonical)

    @property
    def is_open(self) -> bool:
        """Whether it still waits for signatures."""
        return self.status == SubmissionStatus.IN_REVIEW

    @property
    def is_scheduled(self) -> bool:
        """Whether it is signed and waits for its day."""
        return self.status == SubmissionStatus.SCHEDULED

    @property
    def submitter_person(self) -> Person:
        """Who submitted it, as they were then."""
        return Person(**self.submitter)

    @property
    def closer_person(self) -> Person | None:
        """Who signed, returned or recalled it."""
        return Person(**self.closer) if self.closer else None

    def as_steps(self) -> list[Step]:
        """The steps that were in force when it was submitted."""
        return [Step(**step) for step in self.steps]

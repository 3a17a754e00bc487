"""Submissions: texts submitted for review, by value."""

import uuid

from django.conf import settings
from django.db import models
from wagtail.models import Page, WorkflowState

from monographs.core.compiled_query import CompiledQuery, Parameter
from monographs.document import CanonicalText
from monographs.document.models import BaseDocument
from monographs.editions.models import ReviewKind
from monographs.editions.person import Person
from monographs.editions.signatures import ReviewStep
from monographs.presentation.moments import long_day_text


class SubmissionStatus(models.TextChoices):
    """The state of a submission; only the first two can change."""

    IN_REVIEW = "in_review", "In review"
    SCHEDULED = "scheduled", "Signed, waiting for its day"
    SIGNED = "signed", "Signed"
    RETURNED = "returned", "Returned"
    RECALLED = "recalled", "Recalled"


#: A page has at most one submission in these states at a time.
UNDER_WAY = (SubmissionStatus.IN_REVIEW, SubmissionStatus.SCHEDULED)
#: The outcome of a submission that was recalled without a reason.
UNEXPLAINED_RECALL = "Recalled"


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """Queries of submissions."""

    def with_step(self) -> "SubmissionQuerySet":
        """With the step a submission is at, its page and the page's draft, in the same query."""
        return self.select_related(
            "page__latest_revision",
            "page__locale",
            "workflow_state__workflow",
            "workflow_state__current_task_state__task__medicalreviewtask",
        )

    def with_workflow_task(self) -> "SubmissionQuerySet":
        """With the primary key of the step a submission is at as ``workflow_task``, and no other row."""
        step = models.F("workflow_state__current_task_state__task")
        # By name: the type checker takes an annotation for a second definition of the attribute
        return self.annotate(**{"workflow_task": step})  # noqa: PIE804


class Submission(models.Model):
    """A text submitted for review, by value, so that what reviewers see is what gets signed."""

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
    reviewers = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="asked_to_review",
        help_text="Reviewers who are asked to review it. Others who may sign still can.",
    )
    due_on = models.DateField(null=True, blank=True, help_text="The day by which it should be reviewed.")
    checklist = models.JSONField(
        default=list, help_text="Statements a signer ticks, as they were when it was submitted."
    )
    bundle = models.ForeignKey(
        "review.ReviewBundle",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="submissions",
        help_text="What it is signed with as one.",
    )
    status = models.CharField(max_length=20, choices=SubmissionStatus, default=SubmissionStatus.IN_REVIEW)
    closed_at = models.DateTimeField(null=True)
    closer = models.JSONField(null=True)
    outcome = models.TextField(blank=True)

    #: The step it is at, None for none; only where the query is ``with_workflow_task``.
    workflow_task: int | None

    objects = SubmissionQuerySet.as_manager()

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
        return f"{self.title}, submitted {long_day_text(self.submitted_at)}"

    @property
    def text(self) -> CanonicalText:
        """The submitted text, of whatever version it was submitted in."""
        return CanonicalText(self.canonical)

    @property
    def document(self) -> BaseDocument:
        """The submitted document."""
        return self.text.document

    @property
    def is_open(self) -> bool:
        """Whether it is in review and waits for signatures."""
        return self.status == SubmissionStatus.IN_REVIEW

    @property
    def is_scheduled(self) -> bool:
        """Whether it is signed and waits for its publication time."""
        return self.status == SubmissionStatus.SCHEDULED

    @property
    def submitter_person(self) -> Person:
        """Who submitted it, by value at the time."""
        return Person(**self.submitter)

    @property
    def closer_person(self) -> Person | None:
        """Who signed, returned or recalled it, by value; None while it is in review."""
        return Person(**self.closer) if self.closer else None

    def as_steps(self) -> list[ReviewStep]:
        """Return the review steps as they were when it was submitted."""
        return [ReviewStep(**step) for step in self.steps]


_WITH_STEP: CompiledQuery[Submission] = CompiledQuery(
    lambda: Submission.objects.with_step().filter(pk=Parameter("pk", models.IntegerField()))
)


def submission_with_step(pk: int) -> Submission:
    """Return a submission as ``Submission.objects.with_step`` does. Raises ``Submission.DoesNotExist``."""
    found = _WITH_STEP.first(pk=pk)
    if found is None:
        raise Submission.DoesNotExist
    return found


def submission_of(workflow_state: WorkflowState | None) -> Submission | None:
    """Return the submission of a workflow state; None for a workflow that was not started by one."""
    return Submission.objects.filter(workflow_state=workflow_state).first() if workflow_state else None

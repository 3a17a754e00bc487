"""The shape of an action."""

from typing import Any, Generic, TypeVar

from django.db import transaction
from wagtail.models import TaskState

from monographs.editions.person import Person
from monographs.review import policy
from monographs.review.contributors import person_of
from monographs.review.models import MedicalReviewTask, Submission
from monographs.review.refusals import ReviewRefused, Rule, log_refusal

Result = TypeVar("Result")


class Action(Generic[Result]):
    """One attempt by one user. ``execute`` does it whole or not at all; a refusal is logged."""

    name = ""

    def __init__(self, user: Any) -> None:
        self.user = user

    @property
    def actor(self) -> Person:
        """Who acts, by value."""
        return person_of(self.user)

    def subject(self) -> Any:
        """Key of the page it is about."""
        raise TypeError(f"{type(self).__name__} must name its subject")

    def perform(self) -> Result:
        """Check and change; raises ``ReviewRefused``."""
        raise TypeError(f"{type(self).__name__} must say what it does")

    def execute(self) -> Result:
        """Do it in one transaction. Raises ``ReviewRefused`` after logging the attempt."""
        try:
            with transaction.atomic():
                return self.perform()
        except ReviewRefused as refusal:
            log_refusal(refusal, self.actor, self.name, self.subject())
            self.on_refused(refusal)
            raise

    def on_refused(self, refusal: ReviewRefused) -> None:
        """What must be kept although the attempt's own transaction was rolled back."""


class SubmissionAction(Action[Result]):
    """An attempt on one submission."""

    def __init__(self, user: Any, submission: Submission) -> None:
        super().__init__(user)
        self.submission = submission

    def subject(self) -> Any:
        return self.submission.key

    def locked(self) -> Submission:
        """The submission, held against others until the transaction ends."""
        return Submission.objects.select_for_update(of=("self",)).get(pk=self.submission.pk)

    def step(self, submission: Submission) -> tuple[MedicalReviewTask, TaskState]:
        """The step ``submission`` is at; the policy has refused already if there is none."""
        task, state = policy.current_task(submission), submission.workflow_state
        if task is None or state is None:
            raise ReviewRefused(Rule.NOT_IN_REVIEW, "This text is at no step of review; submit it again.")
        return task, state.current_task_state

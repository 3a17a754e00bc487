"""Base classes of actions: an attempt by a user, in one transaction, whose refusal is recorded."""

import uuid
from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from django.contrib.auth.models import User
from django.db import transaction
from wagtail.models import TaskState

from monographs.accounts.actors import person_of
from monographs.editions.person import Person
from monographs.pages.refusals import PolicyError, Rule
from monographs.review import policy
from monographs.review.models import MedicalReviewTask, Submission
from monographs.review.refusals import record_refusal

Result = TypeVar("Result")


class Action(ABC, Generic[Result]):
    """One attempt by one user: permission check, change and ledger entries in one transaction."""

    name = ""

    def __init__(self, user: User) -> None:
        self.user = user

    @property
    def actor(self) -> Person:
        """The user by value."""
        return person_of(self.user)

    @abstractmethod
    def subject(self) -> uuid.UUID | str:
        """Return the key of the page the attempt is about; or kind and primary key of another row."""

    @abstractmethod
    def perform(self) -> Result:
        """Check and change. Raises ``PolicyError``."""

    def execute(self) -> Result:
        """Perform the action in one transaction. Raises ``PolicyError`` after recording the refusal."""
        try:
            with transaction.atomic():
                return self.perform()
        except PolicyError as refusal:
            record_refusal(refusal, self.actor, self.name, self.subject())
            self.on_refused(refusal)
            raise

    def on_refused(self, refusal: PolicyError) -> None:
        """Store what must be kept although the attempt's own transaction was rolled back."""


class SubmissionAction(Action[Result]):
    """An attempt on one submission."""

    def __init__(self, user: User, submission: Submission) -> None:
        super().__init__(user)
        self.submission = submission

    def subject(self) -> uuid.UUID:
        return self.submission.key

    def locked(self) -> Submission:
        """Return the submission, its row locked until the transaction ends."""
        return Submission.objects.select_for_update(of=("self",)).get(pk=self.submission.pk)

    def step(self, submission: Submission) -> tuple[MedicalReviewTask, TaskState]:
        """Return the step ``submission`` is at; the policy has refused already if there is none."""
        task, state = policy.current_task(submission), submission.workflow_state
        if task is None or state is None:
            raise PolicyError(Rule.NOT_IN_REVIEW, "This text is at no step of review; submit it again.")
        return task, state.current_task_state

"""Base classes of actions: an attempt by a user, in one transaction, whose refusal is recorded."""

import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterable
from functools import partial
from typing import Generic, TypeVar

from django.contrib.auth.models import User
from wagtail.models import TaskState

from monographs.accounts.actors import person_of
from monographs.core.conflict_retry import retry_conflicts
from monographs.core.locks import lock_page_keys
from monographs.editions.person import Person
from monographs.pages.refusals import PolicyError, Rule
from monographs.review import policy
from monographs.review.models import MedicalReviewTask, Submission, submission_with_step
from monographs.review.record_locks import lock_rows
from monographs.review.record_transaction import record_transaction
from monographs.review.refusals import record_refusal

Result = TypeVar("Result")


class Action(ABC, Generic[Result]):
    """One attempt by one user: permission check, change and ledger entries in one transaction.

    Its first lock is that of the page's record, so attempts on one page come one after another
    (``core.locks``). A transaction that the database ended because of another one is repeated. ``perform``
    checks everything under the locks, whatever was checked before. Ledger entries are stored at the end.
    """

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

    def lock_keys(self) -> Iterable[uuid.UUID | str]:
        """Return what is locked before ``perform``: keys of pages, or what stands for another row."""
        return [self.subject()]

    def prepare(self) -> None:
        """Do what must be kept even if the attempt is refused, before any lock. Raises ``PolicyError``."""

    @abstractmethod
    def perform(self) -> Result:
        """Check and change. Raises ``PolicyError``."""

    def execute(self) -> Result:
        """Perform the action in one transaction. Raises ``PolicyError`` after recording the refusal."""
        try:
            self.prepare()
            return retry_conflicts(self._transaction)
        except PolicyError as refusal:
            retry_conflicts(partial(record_refusal, refusal, self.actor, self.name, self.subject()))
            raise

    def _transaction(self) -> Result:
        with record_transaction():
            lock_page_keys(*self.lock_keys())
            self.user = self.account_now()
            return self.perform()

    def account_now(self) -> User:
        """Return the account as it is under the locks: rights may have ended while the attempt waited."""
        found = User.objects.select_related("reviewer_profile").filter(pk=self.user.pk).first()
        if found is None:
            raise PolicyError(Rule.INACTIVE, policy.INACTIVE)
        return found


class SubmissionAction(Action[Result]):
    """An attempt on one submission."""

    def __init__(self, user: User, submission: Submission) -> None:
        super().__init__(user)
        self.submission = submission

    def subject(self) -> uuid.UUID:
        return self.submission.key

    def locked(self) -> Submission:
        """Return the submission and its step, with its page's record locked until the transaction ends."""
        lock_rows(self.submission.key)
        return submission_with_step(self.submission.pk)


def step_of(submission: Submission) -> tuple[MedicalReviewTask, TaskState]:
    """Return the step ``submission`` is at; the policy has refused already if there is none."""
    task, state = policy.current_task(submission), submission.workflow_state
    if task is None or state is None:
        raise PolicyError(Rule.NOT_IN_REVIEW, "This text is at no step of review; submit it again.")
    return task, state.current_task_state

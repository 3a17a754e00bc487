"""Unlocking a page in review: a writer recalls it, or a reviewer returns it."""

import uuid

from django.contrib.auth.models import User

from monographs.accounts.actors import person_of
from monographs.editions.person import Person
from monographs.pages.refusals import PolicyError, Rule
from monographs.review import policy
from monographs.review.actions.base import SubmissionAction, step_of
from monographs.review.models import UNDER_WAY, Submission
from monographs.review.publication import page_sync
from monographs.review.publication.submission_close import close_recalled, close_returned


class Recall(SubmissionAction[Submission]):
    """Recall a submission before it is published.

    One that is signed and scheduled needs a ``reason``, because it voids the reviewers' signatures.
    """

    name = "recall"

    def __init__(self, user: User, submission: Submission, *, reason: str = "") -> None:
        super().__init__(user, submission)
        self.reason = reason.strip()

    def perform(self) -> Submission:
        submission = self.locked()
        policy.user_can_recall(self.user, submission).enforce()
        if submission.is_scheduled:
            if not self.reason:
                raise PolicyError(
                    Rule.NO_REASON, "It is signed and waits for its day. Say why it is taken back."
                )
            unschedule(submission, self.actor, self.reason)
        else:
            end_review(submission, self.actor, self.user, self.reason)
        return submission


def recall_all(key: uuid.UUID, by: Person, user: User, reason: str) -> None:
    """Recall what is in review or scheduled of the page ``key``."""
    for submission in Submission.objects.filter(key=key, status__in=UNDER_WAY):
        if submission.is_scheduled:
            unschedule(submission, by, reason)
        else:
            end_review(submission, by, user, reason)


def end_review(submission: Submission, by: Person, user: User, reason: str) -> None:
    """Recall a submission in review and cancel its workflow.

    Not a workflow that was deleted with its page or ended by other code.
    """
    close_recalled(submission, by, reason)
    state = submission.workflow_state
    if state is not None and state.is_active:
        state.cancel(user=user)


def unschedule(submission: Submission, by: Person, reason: str) -> None:
    """Recall a scheduled submission and unlock its page."""
    close_recalled(submission, by, reason)
    page_sync.clear_schedule(submission)


class Return(SubmissionAction[Submission]):
    """Return a submission to its writers with a reason."""

    name = "return"

    def __init__(self, user: User, submission: Submission, *, reason: str) -> None:
        super().__init__(user, submission)
        self.reason = reason.strip()

    def perform(self) -> Submission:
        submission = self.locked()
        self.check(submission)
        return_review(submission, self.user, self.reason)
        return submission

    def check(self, submission: Submission) -> None:
        """Raise ``PolicyError`` unless the user reviews ``submission`` and says why it is returned."""
        policy.user_can_review(self.user, submission).enforce()
        if not self.reason:
            raise PolicyError(Rule.NO_REASON, "Say what must be fixed; the writer reads it first.")


def return_review(submission: Submission, user: User, reason: str) -> None:
    """Return a submission in review; the caller has checked that ``user`` may."""
    _, task_state = step_of(submission)
    close_returned(submission, person_of(user), reason)
    task_state.reject(user=user, comment=reason)

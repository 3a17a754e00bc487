"""Opening a page again: the writer recalls it, or the reviewer returns it."""

from typing import Any

from monographs.editions.ledger import Event, record
from monographs.review import policy
from monographs.review.actions.base import OnSubmission
from monographs.review.closing import close, close_recalled
from monographs.review.models import Submission, SubmissionStatus
from monographs.review.refusals import Refused, Rule


class Recall(OnSubmission[Submission]):
    """Take a submission back before anybody has published it."""

    name = "recall"

    def perform(self) -> Submission:
        submission = self.locked()
        policy.may_recall(self.user, submission).enforce()
        if submission.workflow_state is None:  # its page was deleted from under it
            close_recalled(submission, self.actor)
        else:
            submission.workflow_state.cancel(user=self.user)
            submission.refresh_from_db()
        return submission


class Return(OnSubmission[Submission]):
    """Give a submission back to its writers with a reason."""

    name = "return"

    def __init__(self, user: Any, submission: Submission, *, reason: str) -> None:
        super().__init__(user, submission)
        self.reason = reason.strip()

    def perform(self) -> Submission:
        submission = self.locked()
        policy.may_review(self.user, submission).enforce()
        if not self.reason:
            raise Refused(Rule.NO_REASON, "Say what must be mended; the writer reads it first.")
        task, task_state = self.step(submission)
        close(submission, SubmissionStatus.RETURNED, self.actor, self.reason)
        record(
            Event.RETURNED,
            self.actor,
            {"submission": str(submission.uuid), "sha256": submission.sha256, "reason": self.reason},
            subject=submission.key,
        )
        task.on_action(task_state, self.user, "reject")
        return submission

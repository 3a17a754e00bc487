"""Opening a page again: the writer recalls it, or the reviewer returns it."""

from typing import Any

from wagtail.models import WorkflowState

from monographs.review import policy
from monographs.review.actions.base import SubmissionAction
from monographs.review.models import Submission
from monographs.review.refusals import ReviewRefused, Rule
from monographs.review.submission_close import close_recalled, close_returned
from monographs.review.wagtail_integration import page_sync


class Recall(SubmissionAction[Submission]):
    """Take a submission back before anybody has published it.

    One that is signed already and waits for its day needs a ``reason``: reviewers' work is undone.
    """

    name = "recall"

    def __init__(self, user: Any, submission: Submission, *, reason: str = "") -> None:
        super().__init__(user, submission)
        self.reason = reason.strip()

    def perform(self) -> Submission:
        submission = self.locked()
        policy.may_recall(self.user, submission).enforce()
        if submission.is_scheduled:
            if not self.reason:
                raise ReviewRefused(
                    Rule.NO_REASON, "It is signed and waits for its day. Say why it is taken back."
                )
            unschedule(submission, self.actor, self.reason)
        else:
            close_recalled(submission, self.actor, self.reason)
            self._end_workflow(submission.workflow_state)
        return submission

    def _end_workflow(self, state: WorkflowState | None) -> None:
        """It is gone with a deleted page, and may have been ended in code without anybody's answer."""
        if state is not None and state.is_active:
            state.cancel(user=self.user)


def unschedule(submission: Submission, by: Any, reason: str) -> None:
    """Take back a signed text before its day, and open its page again."""
    close_recalled(submission, by, reason)
    page_sync.clear_schedule(submission)


class Return(SubmissionAction[Submission]):
    """Give a submission back to its writers with a reason."""

    name = "return"

    def __init__(self, user: Any, submission: Submission, *, reason: str) -> None:
        super().__init__(user, submission)
        self.reason = reason.strip()

    def perform(self) -> Submission:
        submission = self.locked()
        policy.may_review(self.user, submission).enforce()
        if not self.reason:
            raise ReviewRefused(Rule.NO_REASON, "Say what must be mended; the writer reads it first.")
        task, task_state = self.step(submission)
        close_returned(submission, self.actor, self.reason)
        task.on_action(task_state, self.user, "reject")
        return submission

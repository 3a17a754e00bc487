"""Signing: the act the whole service rests on."""

from typing import Any

from django.http import HttpRequest

from monographs.editions.ledger import Event, append_entry
from monographs.editions.models import Signature
from monographs.editions.signatures import signatures_for
from monographs.review import notifications, policy
from monographs.review.actions.base import SubmissionAction
from monographs.review.actions.reauthentication import ReauthCredentials, sign_by
from monographs.review.integrity import signed_revision
from monographs.review.models import Submission
from monographs.review.progress import Progress, progress_of
from monographs.review.refusals import ReviewRefused, Rule

#: What a signature says. Kept with each signature by value (21 CFR 11.50 asks for the stated meaning).
MEANING = (
    "I have read the whole of this text. I did not write it. It is correct and clear, and I approve it "
    "for patients."
)


class Sign(SubmissionAction[Signature]):
    """Sign ``submission`` with the password re-entered and the meaning as shown.

    ``seen_sha256`` is the hash of what the reviewer was shown: another one means another text. ``code`` is
    of the second factor, for accounts that have one. What changed must be read, the checklist ticked and
    every note settled (``progress``); what was read and ticked is kept in the ledger with the signature.
    """

    name = "sign"

    def __init__(
        self,
        user: Any,
        submission: Submission,
        *,
        password: str,
        seen_sha256: str,
        code: str = "",
        request: HttpRequest | None = None,
    ) -> None:
        super().__init__(user, submission)
        self.proof = ReauthCredentials(user, password, code, request)
        self.seen_sha256 = seen_sha256

    def on_refused(self, refusal: ReviewRefused) -> None:
        self.proof.on_refused(refusal)

    def perform(self) -> Signature:
        submission = self.locked()
        policy.may_sign(self.user, submission).enforce()
        if self.seen_sha256 != submission.sha256:
            raise ReviewRefused(
                Rule.STALE,
                "The text was submitted anew since you opened it. Reload this page, read it, then sign.",
            )
        progress = progress_of(self.user, submission)
        progress.verdict().enforce()
        signed_revision(submission)
        return self._sign(submission, self.proof.confirm(), progress)

    def _sign(self, submission: Submission, method: str, progress: Progress) -> Signature:
        task, task_state = self.step(submission)
        act = {"submission": str(submission.uuid), "sha256": submission.sha256}
        append_entry(Event.CHECKED, self.actor, act | progress.as_record(), subject=submission.key)
        signature = sign_by(
            self.user,
            self.actor,
            method,
            submission=submission.uuid,
            key=submission.key,
            sha256=submission.sha256,
            step=task.name,
            meaning=MEANING,
        )
        given = signatures_for(submission.uuid, submission.sha256)
        if sum(s.step == task.name for s in given) >= task.as_step().signatures:
            task.on_action(task_state, self.user, "approve")
        notifications.signed(signature, submission)
        return signature

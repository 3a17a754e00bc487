"""Signing a submission."""

from django.contrib.auth.models import User
from django.http import HttpRequest

from monographs.editions.models import Signature
from monographs.pages.refusals import PolicyError, Rule
from monographs.review import policy
from monographs.review.actions.base import SubmissionAction, step_of
from monographs.review.actions.reauthentication import ReauthCredentials
from monographs.review.actions.step_signature import sign_step
from monographs.review.models import Submission, submission_with_step
from monographs.review.policies.bundle_policy import is_in_bundle
from monographs.review.progress import Progress, progress_of
from monographs.review.publication.integrity import check_unchanged, refuse_taken_name
from monographs.review.publication.publish import LockedReview
from monographs.review.signer_identity import check_signer_seen, locked_signer

#: What a signature states. Stored with each signature by value (21 CFR 11.50 asks for the stated meaning).
MEANING = (
    "I have read the whole of this text. I did not write it. It is correct and clear, and I approve it "
    "for patients."
)


class Sign(SubmissionAction[Signature]):
    """Sign ``submission``, with the password entered again; the last signature needed ends the step.

    ``seen_sha256`` is the hash of the text the reviewer was shown; another hash means another text.
    ``seen_signer`` is the hash of name, credentials, step and meaning as shown (``signer_hash``).
    ``code`` is of the second factor, for accounts that have one. Every change must be marked as read, the
    checklist ticked and every note closed (``progress``); the ledger stores what was read and ticked.
    """

    name = "sign"
    meaning = MEANING

    def __init__(
        self,
        user: User,
        submission: Submission,
        *,
        password: str,
        seen_sha256: str,
        seen_signer: str = "",
        code: str = "",
        request: HttpRequest | None = None,
    ) -> None:
        super().__init__(user, submission)
        self.credentials = ReauthCredentials(user, password, code, request)
        self.seen_sha256 = seen_sha256
        self.seen_signer = seen_signer

    def prepare(self) -> None:
        submission = submission_with_step(self.submission.pk)
        self._check(submission)
        refuse_taken_name(submission.document)
        self.credentials.confirm()

    def account_now(self) -> User:
        return self.user  # ``perform`` reads it with its row locked, before it decides anything

    def perform(self) -> Signature:
        submission = self.locked()
        self.user = locked_signer(self.user)
        progress = self._check(submission)
        review = LockedReview(submission, check_unchanged(submission))
        self.credentials.check_account(self.user)
        return sign_step(
            self.user, review, self.credentials.method, meaning=self.meaning, checked=progress.as_record()
        )

    def _check(self, submission: Submission) -> Progress:
        """Raise ``PolicyError`` unless the user may sign ``submission`` and has read all of it."""
        is_in_bundle(submission, None).enforce()
        policy.user_can_sign(self.user, submission).enforce()
        if self.seen_sha256 != submission.sha256:
            raise PolicyError(
                Rule.STALE,
                "The text was submitted anew since you opened it. Reload this page, read it, then sign.",
            )
        task, _ = step_of(submission)
        check_signer_seen(self.user, self.seen_signer, step=task.name, meaning=self.meaning)
        progress = progress_of(self.user, submission)
        if not progress.verdict().allowed:
            # Signed or recalled since it was read above, its changes would be others than were marked
            policy.user_can_sign(self.user, submission_with_step(submission.pk)).enforce()
        progress.verdict().enforce()
        return progress

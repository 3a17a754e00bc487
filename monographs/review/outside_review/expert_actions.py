"""Signing and returning by an outside expert, who proves who they are by a code."""

from monographs.review.actions.recall import Return
from monographs.review.actions.sign import MEANING, Sign
from monographs.review.models import OutsideLink, Submission
from monographs.review.outside_review.signing_codes import CodeCredentials, EnteredCode, signer_of

#: What the signature of an outside expert states: the same, and how they proved who they are.
EXPERT_MEANING = f"{MEANING} Who I am was proved by a code sent to the recorded address."


class SignByCode(Sign):
    """Sign the submission of ``link`` as its invited expert; everything else is as for any signer.

    Name, credentials and step as shown (``seen_signer``) are required: nobody signs without the screen.
    """

    name = "sign by code"
    meaning = EXPERT_MEANING

    def __init__(
        self, link: OutsideLink, entered: EnteredCode, *, seen_sha256: str, seen_signer: str
    ) -> None:
        super().__init__(
            signer_of(link),
            link.submission,
            password="",
            seen_sha256=seen_sha256,
            seen_signer=seen_signer or "nothing",
        )
        self.credentials = CodeCredentials(link, entered)


class ReturnByCode(Return):
    """Return the submission of ``link`` to its writers, with a reason."""

    name = "return by code"

    def __init__(self, link: OutsideLink, entered: EnteredCode, *, reason: str) -> None:
        super().__init__(signer_of(link), link.submission, reason=reason)
        self.credentials = CodeCredentials(link, entered)

    def prepare(self) -> None:
        self.check(Submission.objects.get(pk=self.submission.pk))
        self.credentials.confirm()

    def perform(self) -> Submission:
        self.credentials.check_account(self.user)
        return super().perform()

"""Claiming a text in review, and releasing it."""

from monographs.accounts.actors import person_of
from monographs.core.db_clock import database_now
from monographs.pages.refusals import PolicyError, Rule
from monographs.presentation.moments import moment_text
from monographs.review import policy
from monographs.review.actions.base import SubmissionAction
from monographs.review.claim_state import claim_of, claimed_until
from monographs.review.models import ReviewClaim


class Claim(SubmissionAction[ReviewClaim]):
    """Claim ``submission`` for some hours, or renew one's claim: others see who is reviewing it.

    Those who may review it may; a claim of somebody else has to be released or to end first.
    """

    name = "claim"

    def perform(self) -> ReviewClaim:
        submission = self.locked()
        policy.user_can_review(self.user, submission).enforce()
        held = claim_of(submission)
        if held is not None and held.user_id != self.user.pk:
            raise PolicyError(
                Rule.CLAIMED,
                f"{person_of(held.user).name} has claimed this text until {moment_text(held.until)}. You can "
                "review and sign it all the same.",
            )
        claim, _ = ReviewClaim.objects.update_or_create(
            submission=submission,
            defaults={"user": self.user, "until": database_now() + claimed_until()},
        )
        return claim


class Release(SubmissionAction[None]):
    """Release the claim of ``submission``: who holds it may, and editors."""

    name = "release"

    def perform(self) -> None:
        held = claim_of(self.locked())
        if held is None:
            return
        if held.user_id != self.user.pk and not (self.user.is_active and policy.is_editor(self.user)):
            raise PolicyError(
                Rule.NOT_ALLOWED_HERE,
                f"Only {person_of(held.user).name} or an editor releases this claim. You can review and sign "
                "the text all the same.",
            )
        held.delete()

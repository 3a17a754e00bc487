"""Claiming a text in review, or all texts of a bundle, and releasing them."""

from collections.abc import Iterable

from django.contrib.auth.models import User

from monographs.accounts.actors import person_of
from monographs.core.db_clock import database_now
from monographs.pages.refusals import PolicyError, Rule
from monographs.presentation.moments import long_moment_text
from monographs.review import policy
from monographs.review.actions.base import SubmissionAction
from monographs.review.actions.bundles import MembersAction, refuse_together
from monographs.review.models import ReviewClaim, Submission
from monographs.review.submission_state.claim_state import claimed_until, claims_of


class Claim(SubmissionAction[ReviewClaim]):
    """Claim ``submission`` for some hours, or renew one's claim: others see who is reviewing it.

    Those who may review it may; a claim of somebody else has to be released or to end first.
    """

    name = "claim"

    def perform(self) -> ReviewClaim:
        submission = self.locked()
        _check_claim(self.user, submission, claims_of([submission.pk]))
        (claim,) = _store_claims(self.user, [submission])
        return claim


class ClaimBundle(MembersAction[list[ReviewClaim]]):
    """Claim every text of ``bundle`` that is in review, or none, by the rules for one text."""

    name = "claim a bundle"

    def perform(self) -> list[ReviewClaim]:
        texts = [member for member in self.locked_members() if member.is_open]
        if not texts:
            raise PolicyError(Rule.NOT_IN_REVIEW, "No text of this bundle is in review any more.")
        held = claims_of(text.pk for text in texts)
        refusals = []
        for text in texts:
            try:
                _check_claim(self.user, text, held)
            except PolicyError as refusal:
                refusals.append((text, refusal))
        refuse_together(refusals, "Nothing was claimed.")
        return _store_claims(self.user, texts)


class Release(SubmissionAction[None]):
    """Release the claim of ``submission``: who holds it may, and editors."""

    name = "release"

    def perform(self) -> None:
        _release(self.user, claims_of([self.locked().pk]).values())


class ReleaseBundle(MembersAction[None]):
    """Release the user's claims of the texts of ``bundle``; an editor releases all of them."""

    name = "release a bundle"

    def perform(self) -> None:
        _release(self.user, claims_of(member.pk for member in self.locked_members()).values())


def _check_claim(user: User, submission: Submission, held: dict[int, ReviewClaim]) -> None:
    """Raise ``PolicyError`` unless ``user`` may claim ``submission``; ``held`` are the claims that hold."""
    policy.user_can_review(user, submission).enforce()
    claim = held.get(submission.pk)
    if claim is not None and claim.user_id != user.pk:
        raise PolicyError(
            Rule.CLAIMED,
            f"{person_of(claim.user).name} has claimed this text until {long_moment_text(claim.until)}. "
            "You can review and sign it all the same.",
        )


def _store_claims(user: User, submissions: Iterable[Submission]) -> list[ReviewClaim]:
    until = database_now() + claimed_until()
    return ReviewClaim.objects.bulk_create(
        [ReviewClaim(submission=submission, user=user, until=until) for submission in submissions],
        update_conflicts=True,  # one's own claim is renewed, and one that has ended replaced
        unique_fields=["submission"],
        update_fields=["user", "until"],
    )


def _release(user: User, held: Iterable[ReviewClaim]) -> None:
    """Delete those of the claims that ``user`` may release. Raises ``PolicyError`` if all are others'."""
    claims = list(held)
    is_editor = user.is_active and policy.is_editor(user)
    released = [claim for claim in claims if is_editor or claim.user_id == user.pk]
    if claims and not released:
        raise PolicyError(
            Rule.NOT_ALLOWED_HERE,
            f"Only {person_of(claims[0].user).name} or an editor releases this claim. You can review and "
            "sign the text all the same.",
        )
    ReviewClaim.objects.filter(pk__in=[claim.pk for claim in released]).delete()

"""Signing a bundle: one act that signs each of its texts, or none."""

from typing import Unpack

from django.contrib.auth.models import User

from monographs.core.db_clock import database_now
from monographs.pages.refusals import PolicyError, Rule
from monographs.review import policy
from monographs.review.actions.base import step_of
from monographs.review.actions.bundles import BundleAction, refuse_together
from monographs.review.actions.reauthentication import ReauthCredentials
from monographs.review.actions.sign import MEANING
from monographs.review.actions.signed_action import Signing
from monographs.review.actions.step_signature import sign_step
from monographs.review.models import ReviewBundle, Submission
from monographs.review.progress import Progress
from monographs.review.publication.integrity import check_unchanged
from monographs.review.publication.publish import LockedReview
from monographs.review.signer_identity import check_signer_seen, locked_signer
from monographs.review.submission_state.bundle_progress import progress_of_many

NOTHING_SIGNED = "Nothing was signed, on none of the pages."


class SignBundle(BundleAction):
    """Sign every submission of ``bundle``, with the password entered once.

    Each text gets a signature of its own, and every rule for one text holds for each. If one cannot be
    signed, none is, and the refusal names all such pages. The last signatures publish or schedule all of
    them in the same transaction.
    """

    name = "sign a bundle"

    def __init__(self, user: User, bundle: ReviewBundle, *, seen: str, **signing: Unpack[Signing]) -> None:
        super().__init__(user, bundle, seen=seen)
        self.seen_signer = signing.get("seen_signer", "")
        self.credentials = ReauthCredentials(
            user, signing["password"], signing.get("code", ""), signing.get("request")
        )

    def prepare(self) -> None:
        self._checked(self.seen_members())
        self.credentials.confirm()

    def account_now(self) -> User:
        return self.user  # ``perform`` reads it with its row locked, before it decides anything

    def perform(self) -> list[Submission]:
        members = self.locked_members()
        self.user = locked_signer(self.user)
        progress = self._checked(members)
        reviews = self._unchanged(members)
        self.credentials.check_account(self.user)
        for review in reviews:
            checked = progress[review.submission.pk].as_record() | {"bundle": str(self.bundle.uuid)}
            sign_step(
                self.user,
                review,
                self.credentials.method,
                meaning=MEANING,
                checked=checked,
                bundle=self.bundle,
            )
        return members

    def _checked(self, members: list[Submission]) -> dict[int, Progress]:
        """Return the user's progress with each text. Raises ``PolicyError`` unless each can be signed."""
        progress = progress_of_many(self.user, members)
        refusals = []
        for submission in members:
            try:
                policy.user_can_sign(self.user, submission).enforce()
                progress[submission.pk].verdict().enforce()
            except PolicyError as refusal:
                refusals.append((submission, refusal))
        refuse_together(refusals, NOTHING_SIGNED)
        steps = {step_of(submission)[0].name for submission in members}
        if len(steps) > 1:
            raise PolicyError(
                Rule.BUNDLE_PART,
                f"{NOTHING_SIGNED} They are at different steps of review: {', '.join(sorted(steps))}. An "
                "editor can take pages out of the bundle.",
            )
        check_signer_seen(self.user, self.seen_signer, step=steps.pop(), meaning=MEANING)
        return progress

    @staticmethod
    def _unchanged(members: list[Submission]) -> list[LockedReview]:
        """Return each text with its draft. Raises ``PolicyError`` if one is not as it was submitted."""
        reviews, refusals, now = [], [], database_now()
        for submission in members:
            try:
                reviews.append(LockedReview(submission, check_unchanged(submission), now))
            except PolicyError as refusal:
                refusals.append((submission, refusal))
        refuse_together(refusals, NOTHING_SIGNED)
        return reviews

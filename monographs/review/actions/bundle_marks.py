"""Marking a change that several pages of a bundle share as read, once for all of them."""

from django.contrib.auth.models import User

from monographs.pages.refusals import PolicyError, Rule
from monographs.review import policy
from monographs.review.actions.bundles import BundleAction
from monographs.review.actions.read_marks import NOT_TO_READ, changes_digest, mark_sections
from monographs.review.models import ReviewBundle, Submission
from monographs.review.submission_state.bundle_progress import progress_of_many, same_changes


class MarkSameRead(BundleAction):
    """Mark the changes of the pages that share them as read; ``digest`` is their hash (``changes_digest``).

    Raises ``PolicyError`` if no pages of the bundle share the changes that were on the screen, or the user
    does not review all of those pages.
    """

    name = "mark the same change as read"

    def __init__(self, user: User, bundle: ReviewBundle, *, seen: str, digest: str) -> None:
        super().__init__(user, bundle, seen=seen)
        self.digest = digest

    def perform(self) -> list[Submission]:
        members = self.locked_members()
        progress = progress_of_many(self.user, members)
        for same in same_changes(progress):
            changes = (section for pk in same for section in progress[pk].to_read)
            if changes_digest(changes) == self.digest:
                marked = [member for member in members if member.pk in same]
                for member in marked:
                    policy.user_can_review(self.user, member).enforce()
                    mark_sections(self.user, member.key, progress[member.pk].to_read)
                return marked
        raise PolicyError(Rule.NOT_TO_READ, NOT_TO_READ)

"""Changing the draft of a page that says what patients read, and submitting it within a bundle."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from wagtail.models import Page

from monographs.editions.models import ReviewKind
from monographs.editions.queries import public_edition
from monographs.pages.refusals import PolicyError, Rule
from monographs.review import policy
from monographs.review.actions.bundles import join_bundle, lock_bundle, new_bundle
from monographs.review.actions.submit import Submit
from monographs.review.draft_state.draft_difference import DraftDifference, draft_differs
from monographs.review.models import ReviewBundle, Submission, SubmissionStatus, submission_with_step
from monographs.review.policies.bundle_policy import bundle_takes_more, submission_can_join, user_can_bundle
from monographs.review.replacement.draft_obstacles import LOCKED, NO_EDITION
from monographs.review.submission_state.bundle_progress import first_member


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftChange:
    """What an editor says of a change on many pages.

    ``title`` is of the bundle, ``change_note`` for patients, ``reason`` for reviewers.
    """

    title: str
    change_note: str
    reason: str
    review_kind: ReviewKind


class ChangeDraft(Submit):
    """Change the draft of ``page``, submit it, and put it into ``bundle`` (None: a new one).

    One that is not stored yet is stored, once. A page that is in review in it already stays as it is: the
    same attempt was made before.

    ``revision`` is the draft that was searched. All of it is one transaction: a draft that cannot be
    submitted is not changed. Only a draft that says what patients read is changed, so that nobody's
    unfinished work is submitted; the user becomes a contributor.
    """

    def __init__(
        self,
        user: User,
        page: Page,
        change: DraftChange,
        *,
        revision: int,
        bundle: ReviewBundle | None = None,
    ) -> None:
        super().__init__(user, page, review_kind=change.review_kind, reason=change.reason)
        self.change = change
        self.revision = revision
        self.bundle = bundle

    @abstractmethod
    def new_values(self, content: Mapping[str, Any], model: type[Page]) -> dict[str, Any]:
        """Return the values that fields of the page have after the change of its stored ``content``."""

    def perform(self) -> Submission:
        self.lock_page()
        user_can_bundle(self.user).enforce()
        if self.bundle and (sent_before := self._sent_before(self.bundle)):
            return sent_before
        policy.user_can_submit(self.user, self.page).enforce()
        self._save_draft()
        submission = submission_with_step(super().perform().pk)
        self._join(submission)
        return submission

    def _sent_before(self, bundle: ReviewBundle) -> Submission | None:
        same = Submission.objects.filter(page=self.page, status=SubmissionStatus.IN_REVIEW)
        return same.filter(bundle__uuid=bundle.uuid).select_related("bundle").first()

    def _save_draft(self) -> None:
        page = self.page
        if page.locked:
            raise PolicyError(Rule.NOT_ALLOWED_HERE, LOCKED)
        if page.latest_revision_id != self.revision:
            raise PolicyError(Rule.STALE, "Its draft changed since it was searched. Search again.")
        draft = page.get_latest_revision_as_object()
        edition = public_edition(draft.translation_key)
        if edition is None:
            raise PolicyError(Rule.NOT_PUBLIC, NO_EDITION)
        self.check_difference(draft_differs(draft, edition))
        for name, value in self.new_values(page.latest_revision.content, type(page)).items():
            setattr(draft, name, value)
        draft.change_note = self.change.change_note
        try:
            draft.save_revision(user=self.user)
        except ValidationError as error:
            raise PolicyError(Rule.NOT_READY, " ".join(error.messages)) from error
        self.page.refresh_from_db()

    def check_difference(self, difference: DraftDifference) -> None:
        """Raise ``PolicyError`` for a draft that differs from the public text."""
        if difference.differs:
            raise PolicyError(Rule.NOT_UNCHANGED, difference.message)

    def _join(self, submission: Submission) -> None:
        bundle = self.bundle
        if bundle is None or not bundle.pk:
            bundle = new_bundle(self.user, self.change.title, bundle.uuid if bundle else None)
        lock_bundle(bundle)
        first, count = first_member(bundle)
        if bundle.created_by_id != self.user.pk:
            raise PolicyError(Rule.NOT_IN_THE_BUNDLE, "This bundle is somebody else’s. Search again.")
        bundle_takes_more(bundle).enforce()
        submission_can_join(submission, first, count).enforce()
        join_bundle(submission, bundle, self.actor)

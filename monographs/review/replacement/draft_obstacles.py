"""What keeps the draft of a page from being changed for a bundle, found for many pages at once."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import User
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from monographs.editions.models import Publication, PublicationState
from monographs.review.draft_state.draft_difference import UNPUBLISHED_DRAFT, DraftDifference, draft_differs
from monographs.review.draft_state.older_names import NameChange, older_names_in, older_names_message
from monographs.review.models import UNDER_WAY, Submission, SubmissionStatus

DELETED = "The page was deleted in the admin."
NO_EDITION = "It has no edition yet: it is still being written."
WITHDRAWN = "It is withdrawn from patients."
LOCKED = "It is locked in Wagtail."
NOT_YOURS = "You may not edit it."
NOT_COMPARED = (
    "Its draft was saved again after it was published, like too many others here for each to be compared "
    "with what patients read: change the others first, or submit or revert this one."
)
_IN = {
    SubmissionStatus.IN_REVIEW: "It is in review.",
    SubmissionStatus.SCHEDULED: "It is signed and waits for its day.",
}
#: Drafts that one screen reads to compare them with what patients read; each takes five queries or more.
MOST_COMPARED = 25


@dataclass(frozen=True, slots=True)
class DraftObstacles:
    """What keeps drafts from being changed. Whoever changes one is asked again, under its lock.

    ``differences`` are of drafts that were saved since the last publication, by primary key.
    """

    states: dict[UUID, str]
    under_way: dict[UUID, str]
    editable: set[int]
    differences: dict[int, DraftDifference]
    older_names: dict[UUID, tuple[NameChange, ...]]

    @classmethod
    def of(cls, user: User, pages: list[Page]) -> "DraftObstacles":
        """Return what keeps ``user`` from changing the drafts of ``pages``.

        Four queries; one more if a name was changed, and those that read the first ``MOST_COMPARED`` drafts
        that were saved since the last publication.
        """
        keys = [page.translation_key for page in pages]
        published = Publication.objects.filter(key__in=keys).exclude(state=PublicationState.MOVED)
        states = dict(published.values_list("key", "state"))
        under_way = dict(
            Submission.objects.filter(key__in=keys, status__in=UNDER_WAY).values_list("key", "status")
        )
        allowed = page_permission_policy.instances_user_has_permission_for(user, "change")
        saved = [
            page
            for page in pages
            if page.has_unpublished_changes
            and states.get(page.translation_key) == PublicationState.CURRENT
            and page.translation_key not in under_way
        ]
        return cls(
            states,
            under_way,
            set(allowed.filter(pk__in=[page.pk for page in pages]).values_list("pk", flat=True)),
            _differences(saved[:MOST_COMPARED]),
            older_names_in(keys),
        )

    def of_page(self, page: Page, *, names_are_taken_over: bool = False) -> str:
        """Return what keeps the draft of ``page`` from being changed; an empty text if nothing does.

        With ``names_are_taken_over`` a draft may have newer names of other pages than patients read.
        """
        key = page.translation_key
        state = self.states.get(key)
        if status := self.under_way.get(key):
            return _IN[SubmissionStatus(status)]
        if state != PublicationState.CURRENT:
            return WITHDRAWN if state else NO_EDITION
        if message := self._difference(page, names_are_taken_over=names_are_taken_over):
            return message
        if page.locked:
            return LOCKED
        return "" if page.pk in self.editable else NOT_YOURS

    def _difference(self, page: Page, *, names_are_taken_over: bool) -> str:
        if not page.has_unpublished_changes:
            older = self.older_names.get(page.translation_key, ())
            return "" if names_are_taken_over else older_names_message(older)
        difference = self.differences.get(page.pk)
        if difference is None:
            return NOT_COMPARED
        if names_are_taken_over:
            return UNPUBLISHED_DRAFT if difference.waits else ""
        return difference.message


def _differences(pages: list[Page]) -> dict[int, DraftDifference]:
    """Return how the drafts of public ``pages`` differ from their editions. A query, and those of drafts."""
    if not pages:
        return {}
    keys = [page.translation_key for page in pages]
    current = Publication.objects.filter(key__in=keys, state=PublicationState.CURRENT)
    editions = {row.key: row.edition for row in current.select_related("edition")}
    return {
        page.pk: draft_differs(page.get_latest_revision_as_object(), editions[page.translation_key])
        for page in pages
    }

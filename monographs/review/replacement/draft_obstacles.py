"""What keeps the draft of a page from being changed for a bundle, found for many pages at once."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import User
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from monographs.editions.models import Publication, PublicationState
from monographs.review.models import UNDER_WAY, Submission, SubmissionStatus

NO_EDITION = "It has no edition yet: it is still being written."
WITHDRAWN = "It is withdrawn from patients."
UNPUBLISHED_DRAFT = "Its draft differs from what patients read: submit or revert that first."
LOCKED = "It is locked in Wagtail."
NOT_YOURS = "You may not edit it."
_IN = {
    SubmissionStatus.IN_REVIEW: "It is in review.",
    SubmissionStatus.SCHEDULED: "It is signed and waits for its day.",
}


@dataclass(frozen=True, slots=True)
class DraftObstacles:
    """What keeps drafts from being changed. Whoever changes one is asked again, under its lock."""

    states: dict[UUID, str]
    under_way: dict[UUID, str]
    editable: set[int]

    @classmethod
    def of(cls, user: User, pages: list[Page]) -> "DraftObstacles":
        """Return what keeps ``user`` from changing the drafts of ``pages``. Three queries."""
        keys = [page.translation_key for page in pages]
        published = Publication.objects.filter(key__in=keys).exclude(state=PublicationState.MOVED)
        under_way = Submission.objects.filter(key__in=keys, status__in=UNDER_WAY)
        allowed = page_permission_policy.instances_user_has_permission_for(user, "change")
        return cls(
            dict(published.values_list("key", "state")),
            dict(under_way.values_list("key", "status")),
            set(allowed.filter(pk__in=[page.pk for page in pages]).values_list("pk", flat=True)),
        )

    def of_page(self, page: Page) -> str:
        """Return what keeps the draft of ``page`` from being changed; an empty text if nothing does."""
        key = page.translation_key
        state = self.states.get(key)
        if status := self.under_way.get(key):
            return _IN[SubmissionStatus(status)]
        if state != PublicationState.CURRENT:
            return WITHDRAWN if state else NO_EDITION
        if page.has_unpublished_changes:
            return UNPUBLISHED_DRAFT
        if page.locked:
            return LOCKED
        return "" if page.pk in self.editable else NOT_YOURS

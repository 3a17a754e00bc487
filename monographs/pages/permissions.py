"""Page permissions that nobody has on reviewed pages, superusers included.

Publication follows from signatures: to publish a page, submit it for review.
"""

from typing import Any

from django.db.models import QuerySet
from django.dispatch import Signal
from wagtail.models import Page, PagePermissionTester

#: Sent with ``pages``, a query of all that a deletion would remove; a receiver returns why they must remain,
#: or an empty text. Rules about what was published are not known here.
reasons_to_keep = Signal()

#: Attribute of pages in lists: whether nothing at or below one keeps it from being deleted.
DELETABLE = "is_deletable"


def reason_to_keep(pages: QuerySet[Page]) -> str:
    """Return why ``pages`` must not be deleted, with what to do instead; empty if they may be."""
    answers = (answer for _, answer in reasons_to_keep.send(sender=Page, pages=pages))
    return next((answer for answer in answers if answer), "")


def with_descendants(page: Page) -> Any:  # Wagtail's query of pages, which has no types
    """Return what deleting ``page`` would remove: the page and all below it."""
    return page.get_descendants(inclusive=True)


class ReviewedPagePermissionTester(PagePermissionTester):
    """Wagtail's permission tester without the actions that bypass review."""

    def can_publish(self) -> bool:
        return False

    def can_publish_subpage(self) -> bool:
        return False

    def can_unpublish(self) -> bool:
        return False

    def can_unschedule(self) -> bool:
        return False

    def can_set_view_restrictions(self) -> bool:
        return False

    def can_reorder_children(self) -> bool:
        return False

    def can_submit_for_moderation(self) -> bool:
        """Wagtail's button asks for neither the kind of review nor the reason; the project's own does."""
        return False

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """Neither pages that ever had an edition or are in review, nor lists that contain one."""
        known = getattr(self.page, DELETABLE, None)
        if known is not None:
            return bool(known) and self._can_delete_drafts(ignore_bulk)
        pages = with_descendants(self.page)
        if reason_to_keep(pages):
            return False
        if pages.live().exists() or any(getattr(page, "is_frozen", False) for page in pages.specific()):
            return False
        return super().can_delete(ignore_bulk=ignore_bulk)

    def _can_delete_drafts(self, ignore_bulk: bool) -> bool:
        """As Wagtail's rule, which asks once more whether a page is live: none of these is."""
        if self.user.is_superuser or "change" not in self.permissions:
            return bool(super().can_delete(ignore_bulk=ignore_bulk))
        allowed = self.user.is_active and not self.page_is_root
        return allowed and ("bulk_delete" in self.permissions or self.page.is_leaf() or ignore_bulk)

    def can_move(self) -> bool:
        return False

    def can_move_to(self, destination: Page) -> bool:
        return False

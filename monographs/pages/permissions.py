"""What nobody may do to a reviewed page on the desk, superusers included.

Publication follows from signatures; whoever wants a page public submits it for review.
"""

from typing import Any

from wagtail.models import PagePermissionTester


class ReviewedPagePermissionTester(PagePermissionTester):
    """Wagtail's tester without the doors that lead around review."""

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
        """Wagtail's own button knows neither the kind of review nor the reason; ours asks for both."""
        return False

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """Neither what patients read, nor what is in review, nor a list that holds such a page."""
        pages = self.page.get_descendants(inclusive=True)
        if pages.live().exists() or any(getattr(page, "is_frozen", False) for page in pages.specific()):
            return False
        return super().can_delete(ignore_bulk=ignore_bulk)

    def can_move(self) -> bool:
        return False

    def can_move_to(self, destination: Any) -> bool:
        return False

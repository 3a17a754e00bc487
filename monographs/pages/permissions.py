"""Page permissions that nobody has on reviewed pages, superusers included.

Publication follows from signatures: to publish a page, submit it for review.
"""

from wagtail.models import Page, PagePermissionTester


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
        """Neither pages that are public or in review, nor lists that contain one."""
        pages = self.page.get_descendants(inclusive=True)
        if pages.live().exists() or any(getattr(page, "is_frozen", False) for page in pages.specific()):
            return False
        return super().can_delete(ignore_bulk=ignore_bulk)

    def can_move(self) -> bool:
        return False

    def can_move_to(self, destination: Page) -> bool:
        return False

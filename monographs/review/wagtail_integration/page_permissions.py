"""The permission tester of pages without a class of ours: the tree's root, and page types since removed."""

from wagtail.models import Page

from monographs.core.users import AnyUser
from monographs.pages.permissions import ReviewedPagePermissionTester


def permissions_for_user(page: Page, user: AnyUser) -> ReviewedPagePermissionTester:
    """Return the tester that refuses publishing, for any page.

    Replaces ``Page.permissions_for_user``, which gives those pages Wagtail's own tester: with it a superuser
    may publish below the root and reorder its children.
    """
    return ReviewedPagePermissionTester(user, page.specific_deferred)


def replace_page_permissions() -> None:
    """Patch Wagtail's ``Page``, which has no setting for it; called once, when apps are ready."""
    Page.permissions_for_user = permissions_for_user

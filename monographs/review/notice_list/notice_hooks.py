"""The notices in Wagtail's admin: URL, and the bell in the menu with the number of unread ones."""

from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from monographs.core.user_menu_item import CountedMenuItem
from monographs.core.users import authenticated_user
from monographs.review.notice_list.notice_views import NoticesView
from monographs.review.notice_list.unread_notices import unread_of
from monographs.review.page_access import user_can_see_review_screens

app_name = "notices"
urlpatterns = [path("", NoticesView.as_view(), name="list")]


@hooks.register("register_admin_urls")
def notice_urls() -> list[URLResolver]:
    """Register the URL below /admin/notices/."""
    return [path("notices/", include((urlpatterns, app_name)))]


@hooks.register("register_icons")
def bell_icon(icons: list[str]) -> list[str]:
    """Add the bell, which Wagtail does not have."""
    return [*icons, "icons/bell.svg"]


class NoticesMenuItem(CountedMenuItem):
    """The menu item of the notices, with the number of unread ones."""

    def count(self, request: HttpRequest) -> tuple[str, str]:
        unread = unread_of(authenticated_user(request), request)
        return unread.text if unread.count else "", "unread"


@hooks.register("register_admin_menu_item")
def notices_menu_item() -> MenuItem:
    """Add the notices to the menu."""
    return NoticesMenuItem(
        "Notices",
        reverse("notices:list"),
        name="notices",
        icon_name="bell",
        order=89,
        shown_to=user_can_see_review_screens,
    )

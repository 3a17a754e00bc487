"""The handover screen in Wagtail's admin."""

from django.urls import URLResolver, include, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from monographs.core.user_menu_item import UserMenuItem
from monographs.review.handover.handover_views import HandoverView, PeopleView
from monographs.review.policy import is_editor_or_superuser

app_name = "handover"
urlpatterns = [
    path("", PeopleView.as_view(), name="people"),
    path("<int:pk>/", HandoverView.as_view(), name="handover"),
]


@hooks.register("register_admin_urls")
def handover_urls() -> list[URLResolver]:
    """Register the URLs below /admin/handover/."""
    return [path("handover/", include((urlpatterns, app_name)))]


@hooks.register("register_reports_menu_item")
def people_menu_item() -> MenuItem:
    """Add the list of people to the reports menu."""
    return UserMenuItem(
        "People",
        reverse("handover:people"),
        name="people",
        icon_name="group",
        order=655,
        shown_to=is_editor_or_superuser,
    )

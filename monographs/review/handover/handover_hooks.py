"""The handover screen in Wagtail's admin."""

from django.urls import URLResolver, include, path
from wagtail import hooks

from monographs.core.user_menu_item import add_menu_item
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


add_menu_item(
    "register_reports_menu_item",
    "People",
    "handover:people",
    icon_name="group",
    order=655,
    shown_to=is_editor_or_superuser,
)

"""The status page in Wagtail's admin: its address, and its place in the reports menu."""

from django.urls import URLPattern, path
from wagtail import hooks

from monographs.core.user_menu_item import add_menu_item
from monographs.site_checks.status_page import StatusView


@hooks.register("register_admin_urls")
def status_url() -> list[URLPattern]:
    """Register /admin/status/."""
    return [path("status/", StatusView.as_view(), name="site_status")]


add_menu_item(
    "register_reports_menu_item",
    "Site status",
    "site_status",
    icon_name="desktop",
    order=700,
    shown_to=lambda user: user.is_superuser,
)

"""The status page in Wagtail's admin: its address, and its place in the reports menu."""

from django.urls import URLPattern, path, reverse_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from monographs.core.user_menu_item import UserMenuItem
from monographs.site_checks.status_page import StatusView


@hooks.register("register_admin_urls")
def status_url() -> list[URLPattern]:
    """Register /admin/status/."""
    return [path("status/", StatusView.as_view(), name="site_status")]


@hooks.register("register_reports_menu_item")
def status_menu_item() -> MenuItem:
    """Add the status page to the reports menu."""
    return UserMenuItem(
        "Site status",
        reverse_lazy("site_status"),
        name="site-status",
        icon_name="desktop",
        order=700,
        shown_to=lambda user: user.is_superuser,
    )

"""Where accounts meet Wagtail's admin: addresses, menus, bulk actions."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from monographs.accounts.audit_log import record_changes
from monographs.accounts.audit_snapshot import ACCOUNT, AuditSubject
from monographs.accounts.user_admin import DeleteUsers

#: After Wagtail's own of the same name, which it replaces.
hooks.register("register_bulk_action", DeleteUsers, order=1)


@hooks.register("register_admin_urls")
def second_factor_urls() -> list[URLPattern | URLResolver]:
    """Everything below /admin/second-factor/."""
    return [path("second-factor/", include("monographs.accounts.urls"))]


@hooks.register("insert_global_admin_css")
def admin_css() -> str:
    """Styles of these screens."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/accounts.css"))


@hooks.register("register_account_menu_item")
def second_factor_item(request: HttpRequest) -> dict[str, Any]:
    """The way there from one's own account."""
    return {
        "url": reverse("accounts:second_factor"),
        "label": "Second factor",
        "help_text": "An authenticator app that shows a code for signing in and for signing texts.",
    }


class AdministratorsItem(MenuItem):
    """For superusers only."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)


@hooks.register("register_settings_menu_item")
def groups_item() -> MenuItem:
    """Which groups must have a second factor."""
    return AdministratorsItem(
        "Second factor", reverse("accounts:groups"), name="second-factor", icon_name="key", order=602
    )


@hooks.register("after_bulk_action")
def record_bulk_changes(request: HttpRequest, action_type: str, objects: list[Any], action: Any) -> None:
    """Wagtail switches accounts on and off in bulk, which sends no signal."""
    if action_type == "set_active_state":
        for user in objects:
            record_changes(AuditSubject(ACCOUNT, user.pk))

"""Wagtail hooks of accounts: URLs, styles, menu items, bulk actions."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.html import format_html_join
from wagtail import hooks

from monographs.accounts import sign_in_change_views
from monographs.accounts.audit_log import record_changes
from monographs.accounts.audit_snapshot import ACCOUNT, AuditSubject
from monographs.accounts.session_state import session_state
from monographs.accounts.signing_holds import can_see_changes
from monographs.accounts.user_admin import DeleteUsers
from monographs.core.admin_stylesheets import add_admin_stylesheets
from monographs.core.user_menu_item import add_menu_item

#: In order of use; below `static/js/kept-text/`.
KEPT_TEXT_SCRIPTS = ("session", "store", "fields", "bar", "forms")

#: Order 1 registers it after Wagtail's action of the same name, which it replaces.
hooks.register("register_bulk_action", DeleteUsers, order=1)


@hooks.register("register_admin_urls")
def second_factor_urls() -> list[URLPattern | URLResolver]:
    """The URLs below /admin/second-factor/."""
    return [path("second-factor/", include("monographs.accounts.urls"))]


@hooks.register("register_admin_urls")
def session_urls() -> list[URLPattern | URLResolver]:
    """Register the URL at which scripts look up who is signed in."""
    return [path("session/", session_state, name="session_state")]


@hooks.register("register_admin_urls")
def sign_in_change_urls() -> list[URLPattern | URLResolver]:
    """The URLs below /admin/sign-in-changes/."""
    return [path("sign-in-changes/", include(sign_in_change_views))]


add_admin_stylesheets("accounts", "kept-text")


@hooks.register("insert_global_admin_js")
def kept_text_scripts() -> str:
    """The scripts that keep unsaved text and sign in over the page."""
    urls = ((static(f"js/kept-text/{name}.js"),) for name in KEPT_TEXT_SCRIPTS)
    return format_html_join("", '<script src="{}" defer></script>', urls)


@hooks.register("register_account_menu_item")
def second_factor_item(request: HttpRequest) -> dict[str, Any]:
    """The item in the user's account menu."""
    return {
        "url": reverse("accounts:second_factor"),
        "label": "Second factor",
        "help_text": "An authenticator app that shows a code for signing in and for signing texts.",
    }


add_menu_item(
    "register_settings_menu_item",
    "Second factor",
    "accounts:groups",
    icon_name="key",
    order=602,
    shown_to=lambda user: user.is_superuser,
)


add_menu_item(
    "register_reports_menu_item",
    "Changed sign-in facts",
    "sign_in_changes:index",
    name="sign-in-changes",
    icon_name="key",
    order=1300,
    shown_to=can_see_changes,
)


@hooks.register("after_bulk_action")
def record_bulk_changes(request: HttpRequest, action_type: str, objects: list[Any], action: Any) -> None:
    """Record Wagtail's bulk (de)activation of accounts, which sends no signal."""
    if action_type == "set_active_state":
        for user in objects:
            record_changes(AuditSubject(ACCOUNT, user.pk))

"""Hooks for Wagtail's admin: URLs, a menu item, and a button on the list of medicines."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import User
from django.urls import URLPattern, URLResolver, include, path, reverse
from wagtail import hooks
from wagtail.admin.widgets import Button
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import Page
from wagtail.rich_text.feature_registry import FeatureRegistry

from monographs.blocks.tables import PASTE_FEATURE
from monographs.core.user_menu_item import add_menu_item
from monographs.document.models import CollectionType
from monographs.imports.draft_writer import IMPORT_LOGGED
from monographs.imports.from_label.label_draft import LABEL_LOGGED
from monographs.imports.paste_feature import PasteFeature
from monographs.imports.service import user_can_import
from monographs.models import MonographIndexPage


@hooks.register("register_admin_urls")
def import_urls() -> list[URLPattern | URLResolver]:
    """Register the URLs below /admin/import/."""
    return [path("import/", include("monographs.imports.urls"))]


@hooks.register("register_rich_text_features")
def paste_feature(features: FeatureRegistry) -> None:
    """Let editors of rich text read what is pasted through the import."""
    features.register_editor_plugin("draftail", PASTE_FEATURE, PasteFeature())


add_menu_item(
    "register_admin_menu_item",
    "Import",
    "imports:upload",
    icon_name="download",
    order=110,
    shown_to=user_can_import,
)


@hooks.register("register_log_actions")
def log_imports(actions: LogActionRegistry) -> None:
    """Name imports in the history of a page, with the file and whose unpublished work it replaced."""

    @actions.register_action(IMPORT_LOGGED)
    class _ImportFormatter(LogFormatter):
        label = "Import a text"

        def format_message(self, log_entry: Any) -> str:
            words = f"Imported from {log_entry.data.get('file') or 'a text'}"
            replaced = ", ".join(log_entry.data.get("replaced", ()))
            return f"{words}, in place of unpublished work of {replaced}" if replaced else words

    @actions.register_action(LABEL_LOGGED)
    class _LabelFormatter(LogFormatter):
        label = "Start from a label"

        def format_message(self, log_entry: Any) -> str:
            label, version, origin = map(log_entry.data.get, ("label", "version", "origin"))
            return f"Made from label {label}, version {version} ({origin})"


@hooks.register("register_page_header_buttons")
def import_button(page: Page, user: User, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """Add a button to the list of medicines."""
    is_list = isinstance(page, MonographIndexPage) and page.collection == CollectionType.MEDICINES
    if view_name == "index" and is_list and user_can_import(user):
        yield Button("Import texts", reverse("imports:upload"), icon_name="download", priority=15)
        yield Button("New from a label", reverse("imports:label"), icon_name="history", priority=16)

"""Where importing meets Wagtail's admin: addresses, menu, and the way there from the list of medicines."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button

from monographs.document.models import CollectionType
from monographs.imports.service import may_import
from monographs.models import MonographIndexPage


@hooks.register("register_admin_urls")
def import_urls() -> list[URLPattern | URLResolver]:
    """Everything below /admin/import/."""
    return [path("import/", include("monographs.imports.urls"))]


class ImportItem(MenuItem):
    """For those who may add medicines."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_import(request.user)


@hooks.register("register_admin_menu_item")
def import_menu_item() -> MenuItem:
    """Beside the pages, where writers begin."""
    return ImportItem("Import", reverse("imports:upload"), name="import", icon_name="download", order=110)


@hooks.register("register_page_header_buttons")
def import_button(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """On the list of medicines."""
    is_list = isinstance(page, MonographIndexPage) and page.collection == CollectionType.MEDICINES
    if view_name == "index" and is_list and may_import(user):
        yield Button("Import texts", reverse("imports:upload"), icon_name="download", priority=15)

"""Screens for editors in Wagtail's admin: URLs, menus, and panels of the home page."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse
from wagtail import hooks
from wagtail.admin.ui.components import Component

from monographs.core.admin_stylesheets import add_admin_stylesheets
from monographs.core.user_menu_item import add_menu_item
from monographs.core.users import authenticated_user
from monographs.document.models import CollectionType
from monographs.models import DrugClassPage, MonographIndexPage, MonographPage
from monographs.review.page_access import user_can_see_review_screens
from monographs.review.policy import is_editor_or_superuser
from monographs.review.team.team_summary import items_needing_attention


@hooks.register("register_admin_urls")
def team_urls() -> list[URLResolver]:
    """Register the URLs below /admin/team/."""
    return [path("team/", include("monographs.review.team.urls"))]


add_admin_stylesheets("team")


add_menu_item(
    "register_reports_menu_item",
    "Texts in review",
    "team:reviews",
    icon_name="group",
    order=630,
    shown_to=is_editor_or_superuser,
)
add_menu_item(
    "register_reports_menu_item",
    "Reviews by period",
    "team:periods",
    icon_name="date",
    order=640,
    shown_to=is_editor_or_superuser,
)


class TeamPanel(Component):
    """A panel of the admin's home page for editors: what needs attention, whoever it belongs to."""

    name = "team"
    template_name = "review/team/home_panel.html"
    order = 55

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        reviews, attention = items_needing_attention()
        return {"reviews": reviews, "attention": attention}


class NewTextPanel(Component):
    """Buttons of the admin's home page to begin a text; only those that the user may use."""

    name = "new-text"
    template_name = "review/team/new_text_panel.html"
    order = 45

    def __init__(self, user: User) -> None:
        self.buttons = list(_new_text_buttons(user))

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"buttons": self.buttons}


def _new_text_buttons(user: User) -> Iterator[tuple[str, str, str]]:
    """Yield icon, label and URL of each button."""
    kinds = {
        CollectionType.MEDICINES: ("New medicine", MonographPage),
        CollectionType.CLASSES: ("New drug class", DrugClassPage),
    }
    lists = {page.collection: page for page in MonographIndexPage.objects.filter(collection__in=kinds)}
    allowed = {key for key, page in lists.items() if page.permissions_for_user(user).can_add_subpage()}
    for collection, (label, model) in kinds.items():
        if collection in allowed:
            target = (model._meta.app_label, model._meta.model_name, lists[collection].pk)
            yield "plus", label, reverse("wagtailadmin_pages:add", args=target)
    if CollectionType.MEDICINES in allowed:
        yield "download", "Import texts", reverse("imports:upload")


@hooks.register("construct_homepage_panels")
def team_panels(request: HttpRequest, panels: list[Any]) -> None:
    """Add the panels that the user has a use for."""
    user = authenticated_user(request)
    if not user_can_see_review_screens(user):
        return
    new_text = NewTextPanel(user)
    if new_text.buttons:
        panels.append(new_text)
    if is_editor_or_superuser(user):
        panels.append(TeamPanel())

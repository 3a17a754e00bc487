"""The first steps in Wagtail's admin: URLs, help menu, panel on the dashboard."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLResolver, include, path
from wagtail import hooks
from wagtail.admin.ui.components import Component

from home.first_steps.steps import are_dismissed, first_steps
from monographs.core.admin_stylesheets import add_admin_stylesheets
from monographs.core.user_menu_item import add_menu_item
from monographs.core.users import authenticated_user
from monographs.review.policy import is_editor_or_superuser


@hooks.register("register_admin_urls")
def first_steps_urls() -> list[URLResolver]:
    """Return the URLs below /admin/first-steps/."""
    return [path("first-steps/", include("home.first_steps.urls"))]


add_menu_item(
    "register_help_menu_item",
    "First steps",
    "first_steps:page",
    icon_name="list-ol",
    order=50,
    shown_to=is_editor_or_superuser,
)

add_admin_stylesheets("first-steps")


class FirstStepsPanel(Component):
    """A panel of the dashboard: how far the site is, and the next step."""

    name = "first-steps"
    template_name = "home/first_steps_panel.html"
    order = 40

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        steps = first_steps()
        missing = [step for step in steps if not step.done and not step.optional]
        return {"steps": steps, "done": len(steps) - len(missing), "next_step": next(iter(missing), None)}


@hooks.register("construct_homepage_panels")
def first_steps_panel(request: HttpRequest, panels: list[Any]) -> None:
    """Show the first steps until all are done or somebody dismissed them."""
    if is_editor_or_superuser(authenticated_user(request)) and not are_dismissed():
        panels.append(FirstStepsPanel())

"""Wagtail hooks of the library of sources: the library, addresses of tasks, menu items, home page panel."""

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import URLResolver, include, path
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.snippets.models import register_snippet

from monographs.core.user_menu_item import add_menu_item
from monographs.core.users import authenticated_user
from monographs.review.page_access import user_can_see_review_screens
from monographs.review.sources.source_viewset import SourceViewSet
from monographs.review.sources_of_pages.open_source_tasks import source_tasks_of

register_snippet(SourceViewSet)

#: Tasks that the home page lists; their list has them all.
MOST_TASKS_ON_PANEL = 5


@hooks.register("register_admin_urls")
def source_task_urls() -> list[URLResolver]:
    """Register the URLs below /admin/source-tasks/."""
    return [path("source-tasks/", include("monographs.review.sources.urls"))]


add_menu_item(
    "register_reports_menu_item",
    "Sources to look at again",
    "sources:tasks",
    name="source-tasks",
    icon_name="openquote",
    shown_to=user_can_see_review_screens,
)


class SourceTasksPanel(Component):
    """A panel of the admin's home page: sources that the user's pages have to look at again."""

    name = "source-tasks"
    template_name = "review/sources/home_panel.html"
    order = 61

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        tasks = list(source_tasks_of(self.user)[: MOST_TASKS_ON_PANEL + 1])
        return {"tasks": tasks[:MOST_TASKS_ON_PANEL], "more": len(tasks) > MOST_TASKS_ON_PANEL}


@hooks.register("construct_homepage_panels")
def add_source_tasks_panel(request: HttpRequest, panels: list[Any]) -> None:
    """Add the tasks about sources for those who write or review."""
    if user_can_see_review_screens(request.user):
        panels.append(SourceTasksPanel(authenticated_user(request)))

"""Wagtail hooks of the library of sources: the library itself, the addresses of its tasks, and menu items."""

from django.urls import URLResolver, include, path, reverse_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from monographs.core.user_menu_item import UserMenuItem
from monographs.review.page_access import user_can_see_review_screens
from monographs.review.sources.source_viewset import SourceViewSet

register_snippet(SourceViewSet)


@hooks.register("register_admin_urls")
def source_task_urls() -> list[URLResolver]:
    """Register the URLs below /admin/source-tasks/."""
    return [path("source-tasks/", include("monographs.review.sources.urls"))]


@hooks.register("register_reports_menu_item")
def source_tasks_menu_item() -> MenuItem:
    """Add sources to look at again to the reports menu, for those who write or review."""
    return UserMenuItem(
        "Sources to look at again",
        reverse_lazy("sources:tasks"),
        name="source-tasks",
        icon_name="openquote",
        shown_to=user_can_see_review_screens,
    )

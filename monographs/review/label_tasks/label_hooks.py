"""Wagtail hooks of label tasks: URLs and menu items."""

from django.urls import URLResolver, include, path, reverse_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from monographs.core.user_menu_item import add_menu_item
from monographs.review.page_access import user_can_see_review_screens


@hooks.register("register_admin_urls")
def label_urls() -> list[URLResolver]:
    """Register the URLs below /admin/labels/."""
    return [path("labels/", include("monographs.review.label_tasks.urls"))]


@hooks.register("register_reports_menu_item")
def label_menu_item() -> MenuItem:
    """Add label changes to the reports menu, for everybody who works in the admin."""
    return MenuItem("Label changes", reverse_lazy("labels:tasks"), name="labels", icon_name="history")


add_menu_item(
    "register_reports_menu_item",
    "Label coverage",
    "labels:coverage",
    icon_name="history",
    shown_to=user_can_see_review_screens,
)

"""Wagtail hooks of due reviews: URLs and the menu item."""

from django.urls import URLResolver, include, path
from wagtail import hooks

from monographs.core.user_menu_item import add_menu_item
from monographs.review.page_access import user_can_see_review_screens


@hooks.register("register_admin_urls")
def due_urls() -> list[URLResolver]:
    """Register the URLs below /admin/due-reviews/."""
    return [path("due-reviews/", include("monographs.review.due_reviews.urls"))]


add_menu_item(
    "register_reports_menu_item",
    "Reviews due",
    "due:list",
    icon_name="calendar-check",
    order=620,
    shown_to=user_can_see_review_screens,
)

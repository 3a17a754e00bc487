"""Wagtail hooks of due reviews: URLs and the menu item."""

from django.urls import URLResolver, include, path, reverse_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from monographs.core.user_menu_item import UserMenuItem
from monographs.review.page_access import user_can_see_review_screens


@hooks.register("register_admin_urls")
def due_urls() -> list[URLResolver]:
    """Register the URLs below /admin/due-reviews/."""
    return [path("due-reviews/", include("monographs.review.due_reviews.urls"))]


@hooks.register("register_reports_menu_item")
def due_menu_item() -> MenuItem:
    """Add the list of due reviews to the reports menu."""
    return UserMenuItem(
        "Reviews due",
        reverse_lazy("due:list"),
        name="reviews-due",
        icon_name="calendar-check",
        order=620,
        shown_to=user_can_see_review_screens,
    )

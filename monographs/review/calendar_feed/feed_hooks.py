"""Wagtail hooks of the calendar feed: its address, and the item of the account menu."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks

from monographs.review.calendar_feed.feed_views import FeedAddressView


@hooks.register("register_admin_urls")
def feed_address_url() -> list[URLPattern]:
    """Register /admin/calendar-feed/."""
    return [path("calendar-feed/", FeedAddressView.as_view(), name="calendar_feed")]


@hooks.register("register_account_menu_item")
def feed_item(request: HttpRequest) -> dict[str, Any]:
    """Add the item to the user's account menu."""
    return {
        "url": reverse("calendar_feed"),
        "label": "Calendar feed",
        "help_text": "A secret address by which your calendar program shows when reviews are due.",
    }

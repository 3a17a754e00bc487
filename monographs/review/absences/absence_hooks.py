"""The screen about absences in Wagtail's admin: its URL, and the item of the account menu."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse
from wagtail import hooks

from monographs.review.absences.absence_views import AbsencesView

app_name = "absences"
urlpatterns = [path("", AbsencesView.as_view(), name="list")]


@hooks.register("register_admin_urls")
def absence_urls() -> list[URLResolver]:
    """Register the URL below /admin/away/."""
    return [path("away/", include((urlpatterns, app_name)))]


@hooks.register("register_account_menu_item")
def absence_item(request: HttpRequest) -> dict[str, Any]:
    """Add the item to the user's account menu."""
    return {
        "url": reverse("absences:list"),
        "label": "Away",
        "help_text": "Say when you are away, and who gets your assignments and reminders meanwhile.",
    }

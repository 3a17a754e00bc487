"""Wagtail hooks of feedback: URLs, menu item, and the permission to view it."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLResolver, include, path
from wagtail import hooks

from monographs.core.user_menu_item import add_menu_item


@hooks.register("register_admin_urls")
def feedback_urls() -> list[URLResolver]:
    """Register the URLs below /admin/feedback/."""
    return [path("feedback/", include("monographs.feedback.urls"))]


@hooks.register("register_permissions")
def feedback_permission() -> QuerySet[Permission]:
    """Make the permission available in group settings."""
    return Permission.objects.filter(content_type__app_label="feedback", codename="view_feedback")


add_menu_item(
    "register_reports_menu_item",
    "Feedback",
    "feedback:counts",
    icon_name="comment",
    shown_to=lambda user: user.has_perm("feedback.view_feedback"),
)

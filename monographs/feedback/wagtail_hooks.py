"""Where feedback meets Wagtail's admin: addresses, menu, and the permission to read it."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem


@hooks.register("register_admin_urls")
def feedback_urls() -> list[URLResolver]:
    """Everything below /admin/feedback/."""
    return [path("feedback/", include("monographs.feedback.urls"))]


@hooks.register("register_permissions")
def feedback_permission() -> QuerySet[Permission]:
    """So that it can be given to a group."""
    return Permission.objects.filter(content_type__app_label="feedback", codename="view_feedback")


class FeedbackItem(MenuItem):
    """For those who may read what readers said."""

    def is_shown(self, request: HttpRequest) -> Any:
        return request.user.has_perm("feedback.view_feedback")


@hooks.register("register_reports_menu_item")
def feedback_menu_item() -> MenuItem:
    """Among the reports."""
    return FeedbackItem("Feedback", reverse_lazy("feedback:counts"), name="feedback", icon_name="comment")

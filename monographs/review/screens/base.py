"""The base class of the review screens."""

from typing import Any

from django.urls import reverse
from django.views import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from monographs.review.page_access import ReviewAccessMixin


class ReviewScreen(ReviewAccessMixin, WagtailAdminTemplateMixin, View):
    """A page of Wagtail's admin for users who write or review."""

    header_icon = "clipboard-list"
    #: URL name and label of the breadcrumb below Home.
    breadcrumb_root = ("review:queue", "Review")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        url_name, label = self.breadcrumb_root
        items = [
            {"url": reverse("wagtailadmin_home"), "label": "Home"},
            {"url": reverse(url_name), "label": label},
        ]
        own = self.own_breadcrumb()
        return [*items, {"url": "", "label": own}] if own else items

    def own_breadcrumb(self) -> str:
        """Return the label of the last breadcrumb; empty on the screen that is the root."""
        return ""

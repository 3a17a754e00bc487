"""What the screens share."""

from typing import Any

from django.urls import reverse
from django.views import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from monographs.review.dashboard.page_access import ReviewAccessMixin


class ReviewScreen(ReviewAccessMixin, WagtailAdminTemplateMixin, View):
    """A page of Wagtail's admin below “Review”, for those who write or review."""

    header_icon = "clipboard-list"
    #: Where the trail begins below home: an address by name, and what it is called.
    trail = ("review:queue", "Review")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = [
            {"url": reverse("wagtailadmin_home"), "label": "Home"},
            {"url": reverse(self.trail[0]), "label": self.trail[1]},
        ]
        own = self.own_breadcrumb()
        return [*items, {"url": "", "label": own}] if own else items

    def own_breadcrumb(self) -> str:
        """The last step of the trail; empty on the queue itself."""
        return ""

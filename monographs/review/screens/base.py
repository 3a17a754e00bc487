"""The base classes of the review screens."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from monographs.pages.refusals import PolicyError
from monographs.review.forms import ConfirmForm
from monographs.review.page_access import ReviewAccessMixin


class ReviewScreen(ReviewAccessMixin, WagtailAdminTemplateMixin, View):
    """A page of Wagtail's admin for users who write or review."""

    header_icon = "clipboard-list"
    #: URL name and label of the breadcrumb below Home.
    breadcrumb_root = ("review:queue", "Review")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        url_name, label = self.breadcrumb_root
        items = [
            *super().get_breadcrumbs_items(),
            {"url": reverse(url_name), "label": label},
        ]
        own = self.own_breadcrumb()
        return [*items, {"url": "", "label": own}] if own else items

    def own_breadcrumb(self) -> str:
        """Return the label of the last breadcrumb; empty on the screen that is the root."""
        return ""


class ListScreen(ReviewScreen):
    """A screen that shows what its URL asks for, below the root of its breadcrumbs."""

    page_title = ""

    def own_breadcrumb(self) -> str:
        return str(self.page_title)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Render what the URL asks for."""
        return self.render_to_response(self.get_context_data())


class FormScreen(ReviewScreen):
    """A screen with forms, shown again with what was typed when one is refused."""

    status = 200

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Render the screen."""
        return self.show()

    def show(self) -> HttpResponse:
        """Render the screen with the forms as they were submitted."""
        return self.render_to_response(self.get_context_data(), status=self.status)

    def invalid(self) -> HttpResponse:
        """Render the screen again with the errors of the form."""
        self.status = 400
        return self.show()

    def refused(self, refusal: PolicyError, proof: ConfirmForm | None = None) -> HttpResponse:
        """Render the screen again with the refusal and the user's input.

        A wrong password or code is shown at its field of ``proof``.
        """
        if proof is None or not proof.add_refusal(refusal):
            self.explain(refusal)
        self.status = 403
        return self.show()

    def explain(self, refusal: PolicyError) -> None:
        """Show why the form was refused, if the reason is not about one field."""
        messages.error(self.request, refusal.message)

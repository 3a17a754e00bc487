"""The way from a finding to the place on another page that it contradicts."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views import View

from monographs.document import SECTION_ORDER
from monographs.review.page_access import ReviewAccessMixin
from monographs.review.screens.document_preview import public_paths


class PublicPlaceView(ReviewAccessMixin, View):
    """Redirects to a section of a page as patients read it, or to the page's record if they do not."""

    def get(self, request: HttpRequest, key: UUID, anchor: str) -> HttpResponse:
        """Redirect; an ``anchor`` that is no section leads to the beginning of the page. One query."""
        path = public_paths([str(key)]).get(str(key))
        if path is None:
            return redirect("review:record", key)
        return redirect(f"{path}#{anchor.replace('_', '-')}" if anchor in SECTION_ORDER else path)

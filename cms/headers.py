"""The public headers, also on answers that no view of ours makes: redirects, refusals, files of the interface."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from monographs.reading.responses import with_public_headers


class PublicHeaders:
    """First of the middleware, so that nothing answers without it. The desk has headers of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path_info.startswith(reverse("wagtailadmin_home")):
            return response
        return with_public_headers(response)

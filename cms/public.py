"""What every address outside the desk has in common, whoever answers there."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from monographs.reading.responses import with_public_headers


class PublicAddresses:
    """First of the middleware: no public answer knows a cookie, and none is without the public headers.

    Django answers a made-up CSRF cookie with a new one, which a shared cache would keep for everybody. What
    is not sent on cannot be answered. Redirects, refusals and files of the interface get the headers too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(reverse("wagtailadmin_home")):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        return with_public_headers(self.get_response(request))

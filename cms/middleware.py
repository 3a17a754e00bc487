"""Middleware that keeps cookies and sessions to the admin, so that shared caches may keep public answers."""

from collections.abc import Callable

from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from monographs.core.admin_path import is_admin_request
from monographs.document.versions.stored_document import UnknownVersion
from monographs.public.error_pages import newer_document
from monographs.public.responses import with_public_headers


class PublicResponseMiddleware:
    """Removes cookies from public requests and adds the public headers to every public response.

    Must come before all other middleware that sets cookies: Django answers an invalid CSRF cookie with a new
    one, which a shared cache would keep for every reader. Redirects, refusals and static files get the
    headers too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_admin_request(request):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        return with_public_headers(self.get_response(request))


class NewerDocumentMiddleware:
    """Answers 503 where a view meets a text of a newer release, which is replacing this process."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        return newer_document(request, exception) if isinstance(exception, UnknownVersion) else None


class AdminSessionMiddleware(SessionMiddleware):
    """Django's session middleware, which sets no cookie and no ``Vary: Cookie`` outside the admin."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if not is_admin_request(request):
            return response
        return super().process_response(request, response)


class AdminCompressionMiddleware(GZipMiddleware):
    """Django's compression, for pages of the admin: a screen of 230 kB becomes 30 kB.

    Public views compress themselves. Against BREACH, Django adds a random number of bytes to each response,
    and CSRF tokens are masked anew in each.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_text = response.headers.get("Content-Type", "").startswith(("text/", "application/json"))
        if not is_admin_request(request) or response.streaming or not is_text:
            return response
        return super().process_response(request, response)

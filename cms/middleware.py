"""Middleware that keeps cookies, sessions and users to the admin: shared caches may keep public answers."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.urls import resolve
from django.utils import translation

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
    """Answers 503 where a view of the admin meets a text of a newer release, which replaces this process."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        return newer_document(request, exception) if isinstance(exception, UnknownVersion) else None


class PublicViewMiddleware:
    """Calls the view of every request outside the admin: the middleware below it is for the admin only.

    So a public view has no session, user, messages or CSRF token, and does not pay for them. Public forms
    need none: without a session there is nothing to forge (``public/view_decorators.py``).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # A preview of Wagtail's has the page's public address, and Wagtail's own answer to it
        if is_admin_request(request) or getattr(request, "is_dummy", False):
            return self.get_response(request)
        match = request.resolver_match = resolve(request.path_info)
        try:
            response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        except UnknownVersion as error:
            return newer_document(request, error)
        return response


class AdminLanguageMiddleware:
    """Renders the admin in a language that its own words have, whatever the language of the site's pages.

    Wagtail falls back on the site's language for everybody who chose none, also where the admin does not
    offer it: its menus would be in that language, right to left in some, around screens in English.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_admin_request(request):
            return self.get_response(request)
        with translation.override(settings.ADMIN_LANGUAGE):
            return self.get_response(request)


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

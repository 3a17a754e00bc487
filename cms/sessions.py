"""Sessions belong to the desk; what patients read knows none."""

from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.urls import reverse


class DeskSessions(SessionMiddleware):
    """Django's own, but silent in public.

    A made-up session cookie would otherwise put ``Set-Cookie`` and ``Vary: Cookie`` on a page that shared
    caches keep for everybody.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if not request.path_info.startswith(reverse("wagtailadmin_home")):
            return response
        return super().process_response(request, response)

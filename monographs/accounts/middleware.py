"""The gate before the desk. Outside of /admin/ it does nothing: patients have no session, get no cookie."""

from collections.abc import Callable
from functools import cache
from urllib.parse import urlencode

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_otp import DEVICE_ID_SESSION_KEY
from wagtail.admin import messages

from monographs.accounts import account_emails, session_age
from monographs.accounts.second_factor import has_second_factor, is_required, session_has_code

#: Open to whoever is half signed in: what the screens of signing in need themselves.
OPEN = ("wagtailadmin_login", "wagtailadmin_logout", "wagtailadmin_sprite", "wagtailadmin_javascript_catalog")
#: Sent by an editor that stands open, with or without somebody before it.
UNATTENDED = "/editing-sessions/"


class AdminAccessMiddleware:
    """Ends sessions that are over, asks for the code, leads to the set-up, and gathers notices."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(_desk()):
            return self.get_response(request)
        with account_emails.batch_emails():
            return self._turned_away(request) or self.get_response(request)

    def _turned_away(self, request: HttpRequest) -> HttpResponse | None:
        code_was_given = DEVICE_ID_SESSION_KEY in request.session
        if not request.user.is_authenticated:
            return None
        if session_age.session_has_expired(request):
            return _ended(request, "You were signed out because nobody did anything for a while.")
        if UNATTENDED not in request.path:
            session_age.record_activity(request)
        if request.path in _open() or session_has_code(request):
            return None
        if code_was_given:
            return _ended(request, "Your second factor has changed. Sign in again.")
        return self._led_to_second_factor(request)

    def _led_to_second_factor(self, request: HttpRequest) -> HttpResponse | None:
        if has_second_factor(request.user):
            return _led(request, "accounts:code")
        if is_required(request.user):
            return _led(request, "accounts:second_factor")
        return None


@cache
def _desk() -> str:
    return reverse("wagtailadmin_home")


@cache
def _open() -> frozenset[str]:
    return frozenset(map(reverse, OPEN))


def _ended(request: HttpRequest, why: str) -> HttpResponse:
    logout(request)
    messages.warning(request, why)
    return _sent(request, reverse("wagtailadmin_login"))


def _led(request: HttpRequest, name: str) -> HttpResponse | None:
    """To the screen called ``name``, unless it is the one that was asked for."""
    address = reverse(name)
    return None if request.path == address else _sent(request, address)


def _sent(request: HttpRequest, address: str) -> HttpResponse:
    """To another screen, and from there back; programs are only told."""
    if _is_program(request):
        return HttpResponse("Sign in whole at the desk first.", status=403, content_type="text/plain")
    back = request.get_full_path() if request.method == "GET" else _desk()
    return redirect(f"{address}?{urlencode({'next': back})}")


def _is_program(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "XMLHttpRequest" or request.path.startswith(
        f"{_desk()}api/"
    )

"""Access checks for requests to the admin. All others pass: readers have no session and get no cookie."""

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
from monographs.core.users import AnyUser

#: URL names that need no code: what the sign-in screens load and link to.
EXEMPT_URL_NAMES = (
    "wagtailadmin_login",
    "wagtailadmin_logout",
    "wagtailadmin_sprite",
    "wagtailadmin_javascript_catalog",
)
#: Part of the path of requests that an open editor sends by itself; they are no activity of the user.
AUTOMATIC_REQUESTS = "/editing-sessions/"


class AdminAccessMiddleware:
    """Ends expired sessions, requires the second factor, and sends the emails of a request together."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(_admin_home()):
            return self.get_response(request)
        with account_emails.batch_emails():
            return self._deny(request) or self.get_response(request)

    def _deny(self, request: HttpRequest) -> HttpResponse | None:
        """The response for a user who may not continue; None for one who may."""
        code_was_entered = DEVICE_ID_SESSION_KEY in request.session
        if not request.user.is_authenticated:
            return None
        if session_age.session_has_expired(request):
            return _end_session(request, "You were signed out after a period without activity.")
        if AUTOMATIC_REQUESTS not in request.path:
            session_age.record_activity(request)
        if request.path in _exempt_paths() or session_has_code(request):
            return None
        if code_was_entered:
            return _end_session(request, "Your second factor has changed. Sign in again.")
        screen = _second_factor_screen(request.user)
        return _redirect_to_screen(request, screen) if screen else None


def _second_factor_screen(user: AnyUser) -> str | None:
    """URL name of the screen ``user`` must complete first; None if there is none."""
    if has_second_factor(user):
        return "accounts:code"
    return "accounts:second_factor" if is_required(user) else None


@cache
def _admin_home() -> str:
    return reverse("wagtailadmin_home")


@cache
def _exempt_paths() -> frozenset[str]:
    return frozenset(map(reverse, EXEMPT_URL_NAMES))


def _end_session(request: HttpRequest, reason: str) -> HttpResponse:
    logout(request)
    messages.warning(request, reason)
    return _redirect_and_return(request, reverse("wagtailadmin_login"))


def _redirect_to_screen(request: HttpRequest, url_name: str) -> HttpResponse | None:
    """Redirect to a screen; None if it is the one that was requested."""
    url = reverse(url_name)
    return None if request.path == url else _redirect_and_return(request, url)


def _redirect_and_return(request: HttpRequest, url: str) -> HttpResponse:
    """Redirect to ``url``, which leads back to the requested page; scripts get status 403 instead."""
    if _is_script_request(request):
        return HttpResponse("Complete signing in to the admin first.", status=403, content_type="text/plain")
    return_to = request.get_full_path() if request.method == "GET" else _admin_home()
    return redirect(f"{url}?{urlencode({'next': return_to})}")


def _is_script_request(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "XMLHttpRequest" or request.path.startswith(
        f"{_admin_home()}api/"
    )

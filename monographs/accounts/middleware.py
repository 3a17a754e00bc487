"""Access checks for requests to the admin. All others pass: readers have no session and get no cookie."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_otp import DEVICE_ID_SESSION_KEY
from wagtail.admin import messages

from monographs.accounts import account_emails, known_devices, lost_session, session_age
from monographs.accounts.second_factor import has_second_factor, is_required, session_has_code
from monographs.core.admin_path import ADMIN_PATH, LOGIN_PATH, is_admin_request
from monographs.core.users import AnyUser

#: Paths that need no code: what the sign-in screens load and link to. Constants, because ``reverse()``
#: follows the script name of a request; ``tests/accounts/test_gate.py`` compares them with the URLconf.
EXEMPT_PATHS = {
    "wagtailadmin_login": LOGIN_PATH,
    "wagtailadmin_logout": "/admin/logout/",
    "wagtailadmin_sprite": "/admin/sprite/",
    "wagtailadmin_javascript_catalog": "/admin/jsi18n/",
}
#: Paths of the screens that complete a sign-in.
SCREEN_PATHS = {
    "accounts:code": "/admin/second-factor/code/",
    "accounts:second_factor": "/admin/second-factor/",
}
_EXEMPT = frozenset(EXEMPT_PATHS.values())
#: Below it are the screens on which somebody who is not signed in asks for a new password.
PASSWORD_LINKS = "/admin/password_reset/"  # noqa: S105  # a path
#: Below it is what outside experts read by a link, without an account.
OUTSIDE_REVIEW = "/admin/outside-review/"
#: Parts of paths of requests that an open editor or review sends by itself; they are no activity of the user.
AUTOMATIC_REQUESTS = ("/editing-sessions/", "/looking/")


class AdminAccessMiddleware:
    """Ends expired sessions, requires the second factor, and sends the emails of a request together."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_admin_request(request):
            return self.get_response(request)
        with account_emails.batch_emails():
            response = self._deny(request) or self.get_response(request)
            known_devices.remember_device(request, response)
            return response

    def _deny(self, request: HttpRequest) -> HttpResponse | None:
        """The response for a user who may not continue; None for one who may."""
        code_was_entered = DEVICE_ID_SESSION_KEY in request.session
        if not request.user.is_authenticated:
            return _answer_anonymous(request)
        if session_age.session_has_expired(request):
            return _end_session(request, "You were signed out after a period without activity.")
        if not any(part in request.path_info for part in AUTOMATIC_REQUESTS):
            session_age.record_activity(request)
        if request.path_info in _EXEMPT or session_has_code(request):
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


def _answer_anonymous(request: HttpRequest) -> HttpResponse | None:
    """The answer to a request of somebody who is signed out; None where the sign-in screens answer."""
    path = request.path_info
    if path in _EXEMPT or path in SCREEN_PATHS.values() or path.startswith((PASSWORD_LINKS, OUTSIDE_REVIEW)):
        return None
    return lost_session.answer_for_lost_session(request, "You are signed out. Sign in again to go on.")


def _end_session(request: HttpRequest, reason: str) -> HttpResponse:
    logout(request)
    if request.path_info not in _EXEMPT and (kept := lost_session.answer_for_lost_session(request, reason)):
        return kept
    messages.warning(request, reason)
    return _redirect_and_return(request, reverse("wagtailadmin_login"))


def _redirect_to_screen(request: HttpRequest, url_name: str) -> HttpResponse | None:
    """Redirect to a screen; None if it is the one that was requested."""
    if request.path_info == SCREEN_PATHS[url_name]:
        return None
    return _redirect_and_return(request, reverse(url_name))


def _redirect_and_return(request: HttpRequest, url: str) -> HttpResponse:
    """Redirect to ``url``, which leads back to the requested page; scripts get status 401 or 403 instead."""
    if lost_session.asks_for_json(request):
        return lost_session.signed_out_json("Complete signing in to go on.")
    if _is_script_request(request):
        return HttpResponse("Complete signing in to the admin first.", status=403, content_type="text/plain")
    return_to = request.get_full_path() if request.method == "GET" else reverse("wagtailadmin_home")
    return redirect(f"{url}?{urlencode({'next': return_to})}")


def _is_script_request(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "XMLHttpRequest" or request.path_info.startswith(
        f"{ADMIN_PATH}api/"
    )

"""Cookies that say which texts kept in the browser were saved, so that its script deletes them.

The text itself stays in the browser (``static/js/kept-text/``). A form carries the number of its kept text;
when the form was accepted, a cookie that the next page's script reads carries it back. At sign-out the cookie
says that all texts of this user are to be deleted.
"""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from monographs.core.admin_path import ADMIN_PATH, LOGIN_PATH, is_admin_request
from monographs.pages.refusals import was_refused

#: The hidden field with the number of the kept text.
FIELD = "kept_text"
#: Read and deleted by the script of the next page.
COOKIE = "kept-text-done"
COOKIE_AGE = 600
LOGOUT_PATH = "/admin/logout/"
_NUMBER = re.compile(r"[0-9a-f-]{36}")
_REDIRECTS = (302, 303)
#: The attribute of a response that has everything that was typed.
_HAS_ALL = "has_all_that_was_typed"


def with_all_that_was_typed(response: HttpResponse) -> HttpResponse:
    """Mark a page that shows the form again, unsaved but complete: nothing is offered to be put back."""
    setattr(response, _HAS_ALL, True)
    return response


class KeptTextMiddleware:
    """Sets the cookie after an accepted form, one that is shown again complete, and after a sign-out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_admin_request(request) or request.method != "POST":
            return self.get_response(request)
        user = request.user.pk  # a sign-out changes it
        response = self.get_response(request)
        accepted = response.status_code in _REDIRECTS or getattr(response, _HAS_ALL, False)
        if accepted and not was_refused():
            value = _forgotten(request, response, user)
            if value:
                response.set_cookie(
                    COOKIE, value, COOKIE_AGE, path=ADMIN_PATH, secure=request.is_secure(), samesite="Strict"
                )
        return response


def _forgotten(request: HttpRequest, response: HttpResponseBase, user: int | None) -> str:
    """The cookie's value: the number of a saved text, or the user who signed out."""
    if request.path_info == LOGOUT_PATH:
        return f"user:{user}" if user else ""
    if response.headers.get("Location", "").startswith(LOGIN_PATH):
        return ""
    number = request.POST.get(FIELD, "")
    return number if _NUMBER.fullmatch(number) else ""

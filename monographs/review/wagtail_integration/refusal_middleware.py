"""Logging every refusal in the admin, by whichever of Wagtail's means it was refused.

A signed-in user's refused attempt is recorded in the ledger. Anonymous attempts are only logged: they could
fill an append-only record at will.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils.encoding import iri_to_uri
from django.utils.html import strip_tags

from monographs.accounts.actors import person_of
from monographs.core.admin_path import is_admin_request
from monographs.editions.ledger import Event, append_entry
from monographs.pages.refusals import RefusalCapture, Rule, capture_error, capture_refusals

logger = logging.getLogger(__name__)

SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")
#: Forbidden, and method not allowed.
REFUSING = (403, 405)
REDIRECTS = (301, 302, 303, 307, 308)
#: Most characters of a message in the ledger.
MESSAGE_LENGTH = 500


class CapturingMessageStorage(FallbackStorage):
    """Django's default message storage, which also captures error messages."""

    def add(self, level: int, message: str, extra_tags: str | None = "") -> None:
        super().add(level, message, extra_tags)
        if int(level) >= messages.ERROR:
            capture_error(_plain_text(message))


class RefusalMiddleware:
    """Middleware that logs and records refusals in the admin; it never keeps a response from being sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_admin_request(request):
            return self.get_response(request)
        with capture_refusals() as capture:
            response = self.get_response(request)
            try:
                log_refused_request(request, response, capture)
            except Exception:
                logger.exception("a refusal could not be logged: %s %s", request.method, _address(request))
        return response


def log_refused_request(request: HttpRequest, response: HttpResponseBase, capture: RefusalCapture) -> None:
    """Show the user which rule applied and log the refusal; record attempted changes in the ledger."""
    refused = capture.refusals or response.status_code in REFUSING
    if not (refused or (capture.errors and not _has_form_errors(response))):
        return
    if capture.refusals and response.status_code in REDIRECTS:
        _show_refusals(request, capture)
    message = _message(response, capture)
    actor = person_of(request.user)
    attempt = f"{request.method} {_address(request)}"
    logger.warning("refused %s by %s: %s", attempt, actor.username or "an anonymous user", message)
    if request.method in SAFE_METHODS or not request.user.is_authenticated or capture.recorded:
        return
    with transaction.atomic():
        append_entry(
            Event.REFUSED,
            actor,
            {"attempt": attempt, "rule": Rule.NOT_ALLOWED_HERE.value, "message": message},
        )


def _has_form_errors(response: HttpResponseBase) -> bool:
    """Return whether the errors are those of an invalid form, which is no refusal."""
    form = (getattr(response, "context_data", None) or {}).get("form")
    return bool(getattr(form, "errors", None))


def _show_refusals(request: HttpRequest, capture: RefusalCapture) -> None:
    shown = " ".join(capture.errors)
    for refusal in dict.fromkeys(capture.refusals):
        if _plain_text(refusal) not in shown:
            messages.error(request, refusal)


def _message(response: HttpResponseBase, capture: RefusalCapture) -> str:
    data: Any = getattr(response, "data", None)
    detail = [str(data["detail"])] if isinstance(data, dict) and "detail" in data else []
    candidates = capture.refusals or capture.errors or detail or [response.reason_phrase]
    return " ".join(dict.fromkeys(_plain_text(text) for text in candidates))[:MESSAGE_LENGTH]


def _plain_text(message: Any) -> str:
    return " ".join(strip_tags(str(message)).split())


def _address(request: HttpRequest) -> str:
    return str(iri_to_uri(request.path))

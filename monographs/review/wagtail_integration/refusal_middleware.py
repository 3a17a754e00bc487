"""Whatever is refused on the desk leaves a line, by whichever of Wagtail's ways it was refused.

An attempt of somebody who is signed in goes into the ledger. Those of strangers go into the log only: they
could fill an append-only record at will.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.html import strip_tags

from monographs.editions.ledger import Event, append_entry
from monographs.pages.refusals import RefusalCapture, capture_error, capture_refusals
from monographs.review.contributors import person_of
from monographs.review.refusals import Rule

logger = logging.getLogger(__name__)

SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
#: Forbidden, and a method that a view does not know.
REFUSING = (403, 405)
REDIRECTS = (301, 302, 303, 307, 308)
#: The record keeps what was said, not a whole page.
MESSAGE_LENGTH = 500


class CapturingMessageStorage(FallbackStorage):
    """Django's own storage of messages, which also notes the errors among them."""

    def add(self, level: int, message: str, extra_tags: str | None = "") -> None:
        super().add(level, message, extra_tags)
        if int(level) >= messages.ERROR:
            capture_error(_plain(message))


class RefusalMiddleware:
    """Middleware of the desk; it never stands in the way of an answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(reverse("wagtailadmin_home")):
            return self.get_response(request)
        with capture_refusals() as watch:
            response = self.get_response(request)
            try:
                log_refused_request(request, response, watch)
            except Exception:
                logger.exception("a refusal could not be noted: %s %s", request.method, _address(request))
        return response


def log_refused_request(request: HttpRequest, response: HttpResponseBase, watch: RefusalCapture) -> None:
    """Tell the person by which rule, the log, and for what would change something the ledger."""
    refused = watch.refusals or response.status_code in REFUSING
    if not (refused or (watch.errors and not _shows_mistakes(response))):
        return
    if watch.refusals and response.status_code in REDIRECTS:
        _explain(request, watch)
    message = _message(response, watch)
    actor = person_of(request.user)
    attempt = f"{request.method} {_address(request)}"
    logger.warning("refused %s by %s: %s", attempt, actor.username or "a stranger", message)
    if request.method in SAFE or not request.user.is_authenticated or watch.told:
        return
    with transaction.atomic():
        append_entry(
            Event.REFUSED,
            actor,
            {"attempt": attempt, "rule": Rule.NOT_ALLOWED_HERE.value, "message": message},
        )


def _shows_mistakes(response: HttpResponseBase) -> bool:
    """Whether the errors are those of a form that was filled in wrongly, which is no refusal."""
    form = (getattr(response, "context_data", None) or {}).get("form")
    return bool(getattr(form, "errors", None))


def _explain(request: HttpRequest, watch: RefusalCapture) -> None:
    said = " ".join(watch.errors)
    for refusal in dict.fromkeys(watch.refusals):
        if _plain(refusal) not in said:
            messages.error(request, refusal)


def _message(response: HttpResponseBase, watch: RefusalCapture) -> str:
    data: Any = getattr(response, "data", None)
    detail = [str(data["detail"])] if isinstance(data, dict) and "detail" in data else []
    words = watch.refusals or watch.errors or detail or [response.reason_phrase]
    return " ".join(dict.fromkeys(_plain(word) for word in words))[:MESSAGE_LENGTH]


def _plain(message: Any) -> str:
    return " ".join(strip_tags(str(message)).split())


def _address(request: HttpRequest) -> str:
    return str(iri_to_uri(request.path))

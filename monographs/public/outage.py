"""What readers get while the database is away: what this process read last, or a calm page with 503.

A page is shown again at most ``settings.PUBLIC_STALE_SECONDS`` after the database last said that it is
current, and only while the database cannot be asked. So a withdrawal that is recorded while one process
cannot reach the database is hidden by that process for no longer; while it can, it takes effect at once.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from threading import Lock
from typing import Any

from cachetools import LRUCache
from django.conf import settings
from django.db import InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response
from psycopg.errors import LockNotAvailable, QueryCanceled

from monographs.public.body_cache import bodies, response_with
from monographs.public.compression import preferred_encoding
from monographs.public.database_state import database
from monographs.public.error_pages import unavailable
from monographs.public.read_deadline import read_deadline

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponseBase]

#: Addresses whose last answer is remembered, and the longest such address.
MAX_ADDRESSES = 5000
MAX_ADDRESS_LENGTH = 300
#: Headers that are made for each answer.
_NOT_KEPT = {"Content-Length", "Content-Encoding", "Content-Type", "ETag", "Vary", "Date"}
_UNAVAILABLE = (OperationalError, InterfaceError)


@dataclass(frozen=True, slots=True)
class _LastAnswer:
    """The last answer at an address: its strong tag, its headers, and when the database was asked."""

    etag: str
    headers: dict[str, str]
    asked_at: float


class _LastAnswers:
    """The last answers of this process; their bodies are in the cache of bodies."""

    def __init__(self) -> None:
        self._answers: LRUCache[str, _LastAnswer] = LRUCache(maxsize=MAX_ADDRESSES)
        self._lock = Lock()

    def note(self, request: HttpRequest, response: HttpResponseBase, asked_at: float) -> None:
        """Keep an answer that may be shown again; remove the one before it if it may not."""
        address = request.get_full_path()
        etag = response.headers.get("ETag", "").removeprefix("W/")
        may_be_kept = response.status_code in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED) and etag
        with self._lock:
            if may_be_kept and len(address) <= MAX_ADDRESS_LENGTH:
                headers = {k: v for k, v in response.headers.items() if k not in _NOT_KEPT}
                self._answers[address] = _LastAnswer(etag, headers, asked_at)
            elif not may_be_kept:
                self._answers.pop(address, None)

    def clear(self) -> None:
        """Remove all answers."""
        with self._lock:
            self._answers.clear()

    def find(self, request: HttpRequest) -> HttpResponseBase | None:
        """Return the last answer at the request's address, marked as such, if it is recent enough."""
        with self._lock:
            answer = self._answers.get(request.get_full_path())
        age = time.monotonic() - answer.asked_at if answer else 0.0
        if answer is None or age > settings.PUBLIC_STALE_SECONDS:
            return None
        encoding = preferred_encoding(request)
        response = get_conditional_response(request, etag=answer.etag)
        if response is None:
            body = bodies.find(request.path_info, answer.etag, encoding)
            if body is None:
                return None
            response, encoding = response_with(body), body.encoding
        for name, value in answer.headers.items():
            response.headers[name] = value
        response.headers["ETag"] = f"W/{answer.etag}" if encoding else answer.etag
        response.headers["Vary"] = "Accept-Encoding"
        response.headers["Age"] = str(int(age))
        # RFC 7234, 5.5.2; no longer in RFC 9111, and still what people look for
        response.headers["Warning"] = '110 - "Response is Stale"'
        # Nothing may keep it for longer than this process would
        response.headers["Cache-Control"] = "no-store"
        return response


last_answers = _LastAnswers()


def with_outages(view: View) -> View:
    """Decorate a public view that reads the database: answer while it is away."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not database.may_be_asked():
            return _answer_without_database(request)
        asked_at = time.monotonic()
        try:
            response = _asked(view, request, *args, **kwargs)
        except _UNAVAILABLE as error:
            if isinstance(error.__cause__, QueryCanceled | LockNotAvailable):
                logger.error("%s took too long", request.path_info, exc_info=error)
            else:
                database.failed(error)
            return _answer_without_database(request)
        database.answered()
        if request.method in ("GET", "HEAD"):
            last_answers.note(request, response, asked_at)
        return response

    return wrapped


def _asked(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """Return the view's answer; a connection that was lost while it was idle is opened again, once."""
    connection = connections["default"]
    was_open = connection.connection is not None
    began = time.monotonic()
    try:
        with read_deadline(settings.PUBLIC_READ_SECONDS, connection):
            return view(request, *args, **kwargs)
    except _UNAVAILABLE:
        lost = connection.connection is None or connection.connection.closed
        too_late = time.monotonic() - began >= settings.PUBLIC_READ_SECONDS
        if connection.in_atomic_block or request.method == "POST" or too_late or not (was_open and lost):
            raise
    connection.close()
    with read_deadline(settings.PUBLIC_READ_SECONDS, connection):
        return view(request, *args, **kwargs)


def _answer_without_database(request: HttpRequest) -> HttpResponseBase:
    found = last_answers.find(request) if request.method in ("GET", "HEAD") else None
    return found or unavailable(request)

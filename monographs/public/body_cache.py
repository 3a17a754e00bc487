"""The bodies of public responses, kept in each process by entity tag, so that a page is rendered once.

A strong entity tag names exactly one sequence of bytes at a path: of an edition, its surroundings, the
release and the settings that pages show (``responses.entity_tag``). So an entry never becomes wrong and
nothing is ever invalidated; entries that were not read for longest make room for others. The tag itself is
computed from the database for every request, which is what makes a withdrawal take effect at once.

Compressed bytes are sent with the weak form of the tag (``W/"…"``), as nginx and Django do it: RFC 9110,
8.8.3.3, wants different strong tags for different bytes, and ``If-None-Match`` compares weakly.
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from threading import Lock

from cachetools import LRUCache
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers

from monographs.core.counters import BODIES
from monographs.public.compression import (
    IDENTITY,
    OFFERED,
    SMALLEST,
    compress,
    decompress,
    preferred_encoding,
)

#: Bytes that an entry takes besides its body: its key, with a path and an entity tag, and Python's objects.
ENTRY_OVERHEAD = 1000
#: The largest part of the cache that one body may take.
_LARGEST_SHARE = 16
#: Content that is worth compressing; a PDF and a picture are compressed already.
_TEXTS = ("text/", "application/json", "application/atom+xml", "application/xml", "application/problem+json")

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Body:
    """A response's body in one encoding."""

    content: bytes
    content_type: str
    encoding: str = IDENTITY

    def encoded(self, encoding: str) -> "Body":
        """The same body in another encoding; uncompressed where compression is not worth it."""
        plain = decompress(self.content, self.encoding)
        if len(plain) < SMALLEST or not self.content_type.startswith(_TEXTS):
            encoding = IDENTITY
        return Body(compress(plain, encoding), self.content_type, encoding)


def _size(body: Body) -> int:
    return len(body.content) + ENTRY_OVERHEAD


class BodyCache:
    """Bodies by path, strong entity tag and encoding, ``size`` bytes at most."""

    def __init__(self, size: int) -> None:
        self._entries: LRUCache[Key, Body] = LRUCache(maxsize=size, getsizeof=_size)
        self._lock = Lock()

    @property
    def size(self) -> int:
        """How many bytes it holds."""
        return int(self._entries.currsize)

    def find(self, path: str, etag: str, encoding: str) -> Body | None:
        """Return a body in ``encoding``, which may be made from one that is kept in another."""
        with self._lock:
            if found := self._entries.get((path, etag, encoding)):
                return found
            others = (self._entries.get((path, etag, other)) for other in (*OFFERED, IDENTITY))
            other = next(filter(None, others), None)
        return self.add(path, etag, encoding, other) if other else None

    def add(self, path: str, etag: str, encoding: str, body: Body) -> Body:
        """Keep ``body`` in ``encoding``, unless it is too large, and return it."""
        encoded = body.encoded(encoding)
        if _size(encoded) * _LARGEST_SHARE <= self._entries.maxsize:
            with self._lock:
                # Under the encoding that was asked for, which a small body does not have
                self._entries[path, etag, encoding] = encoded
        return encoded

    def clear(self) -> None:
        """Remove all bodies."""
        with self._lock:
            self._entries.clear()


bodies = BodyCache(settings.BODY_CACHE_BYTES)


def cached_response(
    request: HttpRequest, etag: str, content_type: str, make: Callable[[], bytes]
) -> HttpResponseBase:
    """Return the response with the strong tag ``etag``, or 304 or 412 as the request's conditions say.

    ``make`` is called only if the body is needed and not kept.
    """
    encoding = preferred_encoding(request)
    response = get_conditional_response(request, etag=etag)
    if response is None:
        path = request.path_info
        body = bodies.find(path, etag, encoding)
        BODIES.labels("hit" if body else "miss").inc()
        body = body or bodies.add(path, etag, encoding, Body(make(), content_type))
        response = response_with(body)
    if content_type.startswith(_TEXTS):
        patch_vary_headers(response, ["Accept-Encoding"])
        # A 304 has the tag that the whole response would have
        sent = response.status_code == HTTPStatus.OK
        encoding = response.headers.get("Content-Encoding", IDENTITY) if sent else encoding
    else:
        encoding = IDENTITY
    response.headers["ETag"] = f"W/{etag}" if encoding else etag
    return response


def response_with(body: Body) -> HttpResponse:
    """Return a response that sends ``body``."""
    response = HttpResponse(body.content, content_type=body.content_type)
    if body.encoding:
        response.headers["Content-Encoding"] = body.encoding
    return response


def encode_response(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Compress the body of a response that is not kept, such as an error page."""
    if not isinstance(response, HttpResponse) or response.headers.get("ETag") or not response.content:
        return response
    body = Body(response.content, response.headers["Content-Type"]).encoded(preferred_encoding(request))
    if body.content_type.startswith(_TEXTS):
        patch_vary_headers(response, ["Accept-Encoding"])
    if body.encoding:
        response.content = body.content
        response.headers["Content-Encoding"] = body.encoding
    return response

"""HTTP requests to a public service: one connection, pauses, and retries that wait as it asks."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.exceptions import HTTPError

#: Redirects that are followed, within one host only.
_MOST_REDIRECTS = 3
_MOVED = frozenset({301, 302, 303, 307, 308})
#: Answers after which a request is made again: asked to wait, or a fault that may pass.
_AGAIN = frozenset({429, 500, 502, 503, 504})
_CHUNK = 1 << 16


class SourceUnavailable(Exception):
    """The service gave no usable answer; the message says what happened. Nothing is known from it."""


class SourceBusy(SourceUnavailable):
    """The service asks to be left alone for longer than this run waits; no further request is sensible."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A complete answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    address: str


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """Times in seconds: ``step`` for a connection or one read, ``request`` for a whole answer.

    ``pause`` is kept between requests, ``waits`` are the pauses before a request is made again, and
    ``longest_wait`` is the longest that a service can ask us to wait (``Retry-After``). ``size`` is in bytes.
    """

    step: float = 20.0
    request: float = 120.0
    pause: float = 0.3
    waits: tuple[float, ...] = (2.0, 8.0)
    longest_wait: float = 60.0
    size: int = 60_000_000


@dataclass
class PoliteHttp:
    """Requests to the service at ``base``, with ``GET`` only. Not for several threads."""

    base: str
    user_agent: str
    limits: HttpLimits = HttpLimits()
    _pool: urllib3.PoolManager = field(init=False, repr=False)
    _last: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        timeout = urllib3.Timeout(connect=self.limits.step, read=self.limits.step)
        self._pool = urllib3.PoolManager(num_pools=1, maxsize=1, timeout=timeout, retries=False)

    def get(self, path: str, *, etag: str = "") -> HttpAnswer:
        """Return the answer at ``path``, which is relative to the base; its status may be any below 500.

        Raises ``SourceUnavailable`` without a complete answer, after a redirect to another host, and after
        faults of the service that repeat themselves; ``SourceBusy`` if it asks to wait for long.
        """
        address = urljoin(self.base, path)
        for _ in range(_MOST_REDIRECTS + 1):
            answer = self._patient(address, etag)
            if answer.status not in _MOVED:
                return answer
            target = urljoin(address, answer.headers.get("Location", ""))
            if _origin(target) != _origin(address):
                raise SourceUnavailable(
                    f"{address} redirects to another host ({target[:200]}), which is not followed"
                )
            address = target
        raise SourceUnavailable(f"{address} redirects more than {_MOST_REDIRECTS} times")

    def _patient(self, address: str, etag: str) -> HttpAnswer:
        for wait in (*self.limits.waits, None):
            try:
                answer = self._once(address, etag)
            except SourceUnavailable:
                if wait is None:
                    raise
                time.sleep(wait)
                continue
            if answer.status not in _AGAIN:
                return answer
            if wait is not None:
                time.sleep(max(wait, self._asked_wait(answer)))
        if answer.status in (429, 503):
            raise SourceBusy(f"{address} answers {answer.status} (too many requests, or out of service)")
        raise SourceUnavailable(f"{address} answers {answer.status}")

    def _asked_wait(self, answer: HttpAnswer) -> float:
        """Return the seconds that ``Retry-After`` asks for; raise ``SourceBusy`` if they are too many."""
        asked = answer.headers.get("Retry-After", "")
        try:
            seconds = urllib3.Retry().parse_retry_after(asked) if asked else 0.0
        except (HTTPError, ValueError):
            seconds = 0.0
        if seconds > self.limits.longest_wait:
            raise SourceBusy(f"{answer.address} asks to wait for {seconds:.0f} s (HTTP {answer.status})")
        return seconds

    def _once(self, address: str, etag: str) -> HttpAnswer:
        time.sleep(max(0.0, self._last + self.limits.pause - time.monotonic()))
        headers = {"User-Agent": self.user_agent, "Accept-Encoding": "gzip, deflate"}
        if etag:
            headers["If-None-Match"] = etag
        end = time.monotonic() + self.limits.request
        try:
            with self._pool.request("GET", address, headers=headers, preload_content=False) as response:
                body = self._body(response, address, end)
                return HttpAnswer(response.status, response.headers, body, address)
        except HTTPError as error:
            raise SourceUnavailable(f"{address} gave no complete answer: {_reason(error)}") from error
        finally:
            self._last = time.monotonic()

    def _body(self, response: urllib3.BaseHTTPResponse, address: str, end: float) -> bytes:
        parts, size = [], 0
        for chunk in response.stream(_CHUNK, decode_content=True):
            size += len(chunk)
            if size > self.limits.size:
                response.close()
                raise SourceUnavailable(f"{address} answers with more than {self.limits.size:,} bytes")
            if time.monotonic() > end:
                response.close()
                raise SourceUnavailable(f"{address} took longer than {self.limits.request:.0f} s")
            parts.append(chunk)
        return b"".join(parts)


def _origin(address: str) -> tuple[str, str | None, int | None]:
    """Return what must stay the same in a redirect; from http to https of the same host is allowed."""
    parts = urlsplit(address)
    port = parts.port if parts.port not in (80, 443) else None
    return ("http" if parts.scheme in ("http", "https") else parts.scheme, parts.hostname, port)


def _reason(error: HTTPError) -> str:
    """Return urllib3's reason without its internals (the name of the connection's object)."""
    return str(error).rpartition("): ")[2] or type(error).__name__

"""HTTP requests to a public service: one connection, pauses, and retries that wait as it asks."""

import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.exceptions import HTTPError

from monographs.core.socket_deadline import socket_deadline

#: Redirects that are followed, within one host only.
_MOST_REDIRECTS = 3
_MOVED = frozenset({301, 302, 303, 307, 308})
#: Answers after which a request is made again: asked to wait, or a fault that may pass.
_AGAIN = frozenset({429, 500, 502, 503, 504})
_CHUNK = 1 << 16


class ServiceUnavailable(Exception):
    """The service gave no usable answer; the message says what happened. Nothing is known from it."""


class ServiceBusy(ServiceUnavailable):
    """The service accepts no request for longer than this run waits (``Retry-After``)."""


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
    #: The connection that was opened last, which is the one in use.
    _sockets: list[socket.socket] = field(init=False, repr=False, default_factory=list)

    def __post_init__(self) -> None:
        timeout = urllib3.Timeout(connect=self.limits.step, read=self.limits.step)
        self._pool = urllib3.PoolManager(num_pools=1, maxsize=1, timeout=timeout, retries=False)
        self._pool.pool_classes_by_scheme = _pools_that_tell(self._sockets)

    def get(self, path: str, *, etag: str = "") -> HttpAnswer:
        """Return the answer at ``path``, which is relative to the base; its status may be any below 500.

        Raises ``ServiceUnavailable`` without a complete answer, after a redirect to another host, and after
        faults of the service that repeat themselves; ``ServiceBusy`` if it asks to wait for long.
        """
        address = urljoin(self.base, path)
        for _ in range(_MOST_REDIRECTS + 1):
            answer = self._patient(address, etag)
            if answer.status not in _MOVED:
                return answer
            address = _redirected(address, answer.headers.get("Location", ""))
        raise ServiceUnavailable(f"{address} redirects more than {_MOST_REDIRECTS} times")

    def _patient(self, address: str, etag: str) -> HttpAnswer:
        for wait in (*self.limits.waits, None):
            try:
                answer = self._once(address, etag)
            except ServiceUnavailable:
                if wait is None:
                    raise
                time.sleep(wait)
                continue
            if answer.status not in _AGAIN:
                return answer
            if wait is not None:
                time.sleep(max(wait, self._asked_wait(answer)))
        if answer.status in (429, 503):
            raise ServiceBusy(f"{address} answers {answer.status} (too many requests, or out of service)")
        raise ServiceUnavailable(f"{address} answers {answer.status}")

    def _asked_wait(self, answer: HttpAnswer) -> float:
        """Return the seconds that ``Retry-After`` asks for; raise ``ServiceBusy`` if they are too many."""
        asked = answer.headers.get("Retry-After", "")
        try:
            seconds = urllib3.Retry().parse_retry_after(asked) if asked else 0.0
        except (HTTPError, ValueError):
            seconds = 0.0
        if seconds > self.limits.longest_wait:
            raise ServiceBusy(f"{answer.address} asks to wait for {seconds:.0f} s (HTTP {answer.status})")
        return seconds

    def _once(self, address: str, etag: str) -> HttpAnswer:
        time.sleep(max(0.0, self._last + self.limits.pause - time.monotonic()))
        headers = {"User-Agent": self.user_agent, "Accept-Encoding": "gzip, deflate"}
        if etag:
            headers["If-None-Match"] = etag
        with socket_deadline(self._sockets, self.limits.request) as timed_out:
            try:
                with self._pool.request(
                    "GET", address, headers=headers, preload_content=False, redirect=False
                ) as response:
                    answer = HttpAnswer(
                        response.status, response.headers, self._body(response, address), address
                    )
            except (HTTPError, ValueError) as error:  # the latter: a header that cannot be sent
                if not timed_out.is_set():
                    raise ServiceUnavailable(
                        f"{address} gave no complete answer: {_reason(error)}"
                    ) from error
            finally:
                self._last = time.monotonic()
        if timed_out.is_set():
            raise ServiceUnavailable(f"{address} took longer than {self.limits.request:.0f} s")
        return answer

    def _body(self, response: urllib3.BaseHTTPResponse, address: str) -> bytes:
        parts, size = [], 0
        for chunk in response.stream(_CHUNK, decode_content=True):
            size += len(chunk)
            if size > self.limits.size:
                response.close()
                raise ServiceUnavailable(f"{address} answers with more than {self.limits.size:,} bytes")
            parts.append(chunk)
        return b"".join(parts)


def _pools_that_tell(opened: list[socket.socket]) -> dict[str, type[urllib3.HTTPConnectionPool]]:
    """Return urllib3's kinds of connections, which keep in ``opened`` the socket that they opened last."""

    class Plain(urllib3.connection.HTTPConnection):
        def connect(self) -> None:
            super().connect()
            opened[:] = [self.sock]

    class Secured(urllib3.connection.HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            opened[:] = [self.sock]

    class PlainPool(urllib3.HTTPConnectionPool):
        ConnectionCls = Plain

    class SecuredPool(urllib3.HTTPSConnectionPool):
        ConnectionCls = Secured

    return {"http": PlainPool, "https": SecuredPool}


def _redirected(address: str, location: str) -> str:
    """Return where a redirect leads. Raises ``ServiceUnavailable`` if that is elsewhere or no address."""
    try:
        target = urljoin(address, location)
        follows = _origin(target) == _origin(address)
    except ValueError as error:
        raise ServiceUnavailable(f"{address} redirects to what is no address ({location[:200]})") from error
    if not follows:
        raise ServiceUnavailable(
            f"{address} redirects to another host ({target[:200]}), which is not followed"
        )
    if urlsplit(address).scheme == "https" != urlsplit(target).scheme:
        raise ServiceUnavailable(f"{address} redirects to an address without TLS, which is not followed")
    return target


def _origin(address: str) -> tuple[str, str | None, int | None]:
    """Return what must stay the same in a redirect, but for http that becomes https."""
    parts = urlsplit(address)
    port = parts.port if parts.port not in (80, 443) else None
    return ("http" if parts.scheme in ("http", "https") else parts.scheme, parts.hostname, port)


def _reason(error: Exception) -> str:
    """Return urllib3's reason without its internals (the name of the connection's object)."""
    return str(error).rpartition("): ")[2] or type(error).__name__

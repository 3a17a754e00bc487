"""A live server on a database that is restored for each example, and its HTTP clients."""

import http.client
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.core.signals import got_request_exception
from django.db import connections
from django.test import override_settings
from django.test.testcases import LiveServerThread, _StaticFilesHandler

from tests.database import SavedRows
from tests.live_server import answer_at_once

#: Where Wagtail's admin redirects users it turns away: those without access, and inactive ones.
_REFUSED_TO = ("/admin/", "/admin/login/")


@dataclass(frozen=True, slots=True)
class StepResponse:
    """An HTTP response."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """Return the body, decoded as UTF-8."""
        return self.body.decode()

    @property
    def location(self) -> str:
        """Return the address of a redirect, else an empty string."""
        return self.headers.get("location", "")

    @property
    def is_accepted(self) -> bool:
        """Return whether the admin accepted a form, and did not turn its sender away."""
        return self.status == 302 and self.location.split("?")[0] not in _REFUSED_TO


@dataclass
class HttpClient:
    """An HTTP client with a persistent connection and cookies."""

    address: tuple[str, int]
    cookies: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection | None = None

    def get(self, path: str) -> StepResponse:
        """Get ``path`` without following redirects."""
        return self._request("GET", path, b"", {})

    def post(
        self, path: str, form: Mapping[str, Any] | bytes, *, kind: str = "", json: bool = False
    ) -> StepResponse:
        """Post a form; with ``json``, request the response that Wagtail's scripts do."""
        body = form if isinstance(form, bytes) else urlencode(form, doseq=True).encode()
        headers = {"Content-Type": kind or "application/x-www-form-urlencoded"}
        if json:
            headers["Accept"] = "application/json"
        if token := self.cookies.get("csrftoken"):
            headers["X-CSRFToken"] = token
        return self._request("POST", path, body, headers)

    def close(self) -> None:
        """Close the connection, so that the server's thread closes its database connection."""
        if self.connection:
            self.connection.close()
            self.connection = None

    def _request(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> StepResponse:
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if self.connection is None:
            self.connection = http.client.HTTPConnection(*self.address, timeout=300)
        try:
            self.connection.request(method, path, body=body or None, headers=headers)
            response = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            self.close()  # a server may close an idle connection; the request is sent again
            self.connection = http.client.HTTPConnection(*self.address, timeout=300)
            self.connection.request(method, path, body=body or None, headers=headers)
            response = self.connection.getresponse()
        answer = StepResponse(
            response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
        )
        self._keep_cookies(response.msg.get_all("Set-Cookie") or [])
        return answer

    def _keep_cookies(self, lines: Iterable[str]) -> None:
        for line in lines:
            name, _, value = line.split(";", 1)[0].partition("=")
            if name in ("sessionid", "csrftoken", "outside_signing") and value.strip('"'):
                self.cookies[name] = value


class ServerErrors:
    """Unhandled exceptions of the server."""

    def __init__(self) -> None:
        self.seen: list[BaseException] = []
        got_request_exception.connect(self._note)

    def _note(self, **kwargs: Any) -> None:
        error = sys.exc_info()[1]
        if error is not None:
            self.seen.append(error)

    def take(self) -> list[BaseException]:
        """Return those since the last call."""
        taken, self.seen = self.seen, []
        return taken

    def stop(self) -> None:
        """Stop recording."""
        got_request_exception.disconnect(self._note)


class RunningSite:
    """The server's address, its clients and its database."""

    def __init__(self, host: str, port: int) -> None:
        self.address = (host, port)
        self.errors = ServerErrors()
        self.clients: dict[str, HttpClient] = {}

    def client(self, name: str) -> HttpClient:
        """Return the client of a user; the anonymous one has no name."""
        if name not in self.clients:
            self.clients[name] = HttpClient(self.address)
        return self.clients[name]

    def save(self) -> None:
        """Save every row there is now; ``reset`` restores exactly these."""
        self.saved = SavedRows()

    def reset(self) -> None:
        """Restore the saved rows."""
        self.saved.restore()
        self.errors.take()

    def close(self) -> None:
        """Close all connections."""
        for client in self.clients.values():
            client.close()
        self.errors.stop()


@contextmanager
def running_site() -> Iterator[RunningSite]:
    """Run a server whose threads have their own connections to the test database.

    Outside experts may sign on it.
    """
    with override_settings(OUTSIDE_SIGNATURES=True):
        yield from _running_site()


def _running_site() -> Iterator[RunningSite]:
    options = connections.databases["default"]
    original = options["CONN_MAX_AGE"]
    options["CONN_MAX_AGE"] = None  # a connection per client, not per request
    answer_at_once()
    thread = LiveServerThread("127.0.0.1", _StaticFilesHandler, connections_override={})
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    site = RunningSite("127.0.0.1", thread.port)
    try:
        yield site
    finally:
        with suppress(Exception):
            site.close()
        thread.terminate()
        options["CONN_MAX_AGE"] = original

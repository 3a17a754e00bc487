"""A real server, a real database that starts anew for each example, and callers who speak HTTP to it."""

import http.client
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.core.signals import got_request_exception
from django.db import connections
from django.test.testcases import LiveServerThread, QuietWSGIRequestHandler, _StaticFilesHandler

from tests.database import SavedRows


@dataclass(frozen=True, slots=True)
class StepResponse:
    """What came back over the wire."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body, read as UTF-8."""
        return self.body.decode()

    @property
    def location(self) -> str:
        """Where a redirect leads, empty for anything else."""
        return self.headers.get("location", "")


@dataclass
class Caller:
    """One connection that is kept open, and whose cookies it carries."""

    address: tuple[str, int]
    cookies: dict[str, str] = field(default_factory=dict)
    wire: http.client.HTTPConnection | None = None

    def get(self, path: str) -> StepResponse:
        """What is at ``path``; redirects are not followed."""
        return self._ask("GET", path, b"", {})

    def post(
        self, path: str, form: Mapping[str, Any] | bytes, *, kind: str = "", json: bool = False
    ) -> StepResponse:
        """Send a form as a browser does; ``json`` as Wagtail's own scripts ask for an answer."""
        body = form if isinstance(form, bytes) else urlencode(form, doseq=True).encode()
        headers = {"Content-Type": kind or "application/x-www-form-urlencoded"}
        if json:
            headers["Accept"] = "application/json"
        if token := self.cookies.get("csrftoken"):
            headers["X-CSRFToken"] = token
        return self._ask("POST", path, body, headers)

    def close(self) -> None:
        """Hang up, so that the server's thread lets go of its database connection."""
        if self.wire:
            self.wire.close()
            self.wire = None

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> StepResponse:
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if self.wire is None:
            self.wire = http.client.HTTPConnection(*self.address, timeout=60)
        try:
            self.wire.request(method, path, body=body or None, headers=headers)
            response = self.wire.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            self.close()  # a server may hang up on an idle caller; what it did not hear is said again
            self.wire = http.client.HTTPConnection(*self.address, timeout=60)
            self.wire.request(method, path, body=body or None, headers=headers)
            response = self.wire.getresponse()
        answer = StepResponse(
            response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
        )
        self._keep_cookies(response.msg.get_all("Set-Cookie") or [])
        return answer

    def _keep_cookies(self, lines: Iterable[str]) -> None:
        for line in lines:
            name, _, value = line.split(";", 1)[0].partition("=")
            if name in ("sessionid", "csrftoken") and value.strip('"'):
                self.cookies[name] = value


class Crashes:
    """Exceptions that no view turned into an answer, as the server raised them."""

    def __init__(self) -> None:
        self.seen: list[BaseException] = []
        got_request_exception.connect(self._note)

    def _note(self, **kwargs: Any) -> None:
        error = sys.exc_info()[1]
        if error is not None:
            self.seen.append(error)

    def take(self) -> list[BaseException]:
        """Those since the last time of asking."""
        taken, self.seen = self.seen, []
        return taken

    def stop(self) -> None:
        """Listen no longer."""
        got_request_exception.disconnect(self._note)


class StatefulWorld:
    """The server's address and the database behind it."""

    def __init__(self, host: str, port: int) -> None:
        self.address = (host, port)
        self.crashes = Crashes()
        self.callers: dict[str, Caller] = {}

    def caller(self, name: str) -> Caller:
        """The open line of one person; the public's has no name."""
        if name not in self.callers:
            self.callers[name] = Caller(self.address)
        return self.callers[name]

    def remember(self) -> None:
        """Save every row there is now; ``reset`` restores exactly these."""
        self.saved = SavedRows()

    def reset(self) -> None:
        """Restore the saved rows."""
        self.saved.restore()
        self.crashes.take()

    def forget(self) -> None:
        """Leave nothing of ours behind in the database."""
        for caller in self.callers.values():
            caller.close()
        self.crashes.stop()


class _PromptHandler(QuietWSGIRequestHandler):
    """Heads and bodies are two writes; without this each answer waits for an acknowledgement."""

    disable_nagle_algorithm = True


class _Server(LiveServerThread):
    def _create_server(self, connections_override: Any = None) -> Any:
        return self.server_class(
            (self.host, self.port), _PromptHandler, connections_override=connections_override
        )


@contextmanager
def running_world() -> Iterator[StatefulWorld]:
    """A server in threads of its own, each with its own connection to the test database."""
    options = connections.databases["default"]
    kept = options["CONN_MAX_AGE"]
    options["CONN_MAX_AGE"] = None  # a connection per caller, not per request
    thread = _Server("127.0.0.1", _StaticFilesHandler, connections_override={})
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    world = StatefulWorld("127.0.0.1", thread.port)
    try:
        yield world
    finally:
        with suppress(Exception):
            world.forget()
        thread.terminate()
        options["CONN_MAX_AGE"] = kept

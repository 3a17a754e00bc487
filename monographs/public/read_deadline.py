"""A deadline for what a public request waits for: a database that is stopped in the middle of an answer.

PostgreSQL's own limit (``statement_timeout``) needs a server that runs, and TCP's needs a peer whose machine
is gone. A server that is paused has neither, and would keep every thread of a process waiting. So one thread
per process shuts the sockets of requests that are over their deadline; the read then fails as with any lost
connection.
"""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any

import psycopg

#: How often deadlines are looked at, in seconds.
INTERVAL = 0.25


#: A moment of the monotonic clock, and Django's connection of the request's thread.
Deadline = tuple[float, Any]


class _Deadlines:
    """The deadlines of the requests in progress."""

    def __init__(self) -> None:
        self._open: dict[int, Deadline] = {}
        self._numbers = count()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def add(self, seconds: float, connection: Any) -> int:
        """Start the deadline of a request and return its number."""
        if self._thread is None:
            self._start()
        number = next(self._numbers)
        self._open[number] = (time.monotonic() + seconds, connection)
        return number

    def remove(self, number: int) -> None:
        """End a deadline."""
        self._open.pop(number, None)

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="read-deadline", daemon=True)
                self._thread.start()

    def _watch(self) -> None:
        while True:
            time.sleep(INTERVAL)
            now = time.monotonic()
            for number, (deadline, connection) in list(self._open.items()):
                if now > deadline and self._open.pop(number, None) is not None:  # it has not just ended
                    _shut(connection)


def _shut(connection: Any) -> None:
    """Shut the socket of a connection, in whatever its thread waits for."""
    raw = connection.connection
    with suppress(psycopg.Error, OSError, AttributeError):  # it is closed, or not yet open
        duplicate = os.dup(raw.pgconn.socket)
        with socket.socket(fileno=duplicate) as opened:
            opened.shutdown(socket.SHUT_RDWR)


_deadlines = _Deadlines()


def _after_fork() -> None:
    """Start anew in a forked process, which has none of its parent's threads."""
    global _deadlines  # noqa: PLW0603  # one per process
    _deadlines = _Deadlines()


os.register_at_fork(after_in_child=_after_fork)


@contextmanager
def read_deadline(seconds: float, connection: Any) -> Iterator[None]:
    """Fail a read through ``connection``, a connection of Django, after so many seconds."""
    deadlines = _deadlines
    number = deadlines.add(seconds, connection)
    try:
        yield
    finally:
        deadlines.remove(number)

"""The loop of commands that run until they are stopped (``--watch``)."""

import os
import signal
import threading
from collections.abc import Iterator


def watch_rounds(seconds: float, *, after: float = 0.0) -> Iterator[None]:
    """Yield every ``seconds``, first after ``after`` seconds, until a signal arrives or the parent exits.

    Handles SIGINT and SIGTERM from the call on, so that a round that has begun is finished.
    """
    stop, parent = threading.Event(), os.getppid()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    return _rounds(stop, parent, seconds, after)


def _rounds(stop: threading.Event, parent: int, seconds: float, wait: float) -> Iterator[None]:
    while not stop.wait(wait) and os.getppid() == parent:
        yield
        wait = seconds

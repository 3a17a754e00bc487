"""A command that goes on: round after round, until it is stopped or left by whoever started it."""

import os
import signal
import threading
from collections.abc import Iterator


def watch_rounds(seconds: float, *, after: float = 0.0) -> Iterator[None]:
    """One turn every ``seconds``, the first ``after`` so many, until a signal comes or the parent is gone.

    Takes over SIGINT and SIGTERM as soon as it is called, so that a round that is under way is finished.
    """
    stop, parent = threading.Event(), os.getppid()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    return _turns(stop, parent, seconds, after)


def _turns(stop: threading.Event, parent: int, seconds: float, wait: float) -> Iterator[None]:
    while not stop.wait(wait) and os.getppid() == parent:
        yield
        wait = seconds

"""The loop of commands that run until they are stopped (``--watch``)."""

import os
import signal
import threading
from collections.abc import Iterator

from django.core.management.base import CommandError
from django.db import DatabaseError

from monographs.editions.roles import reason_not_to_start


def watch_rounds(seconds: float, *, after: float = 0.0) -> Iterator[None]:
    """Yield every ``seconds``, first after ``after`` seconds, until a signal arrives or the parent exits.

    Handles SIGINT and SIGTERM from the call on, so that a round that has begun is finished. Raises
    ``CommandError`` if the database role could change the record, as soon as the database answers.
    """
    checked = _role_was_checked()
    stop, parent = threading.Event(), os.getppid()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    return _rounds(stop, parent, seconds, after, checked)


def _rounds(stop: threading.Event, parent: int, seconds: float, wait: float, checked: bool) -> Iterator[None]:
    while not stop.wait(wait) and os.getppid() == parent:
        checked = checked or _role_was_checked()
        yield
        wait = seconds


def _role_was_checked() -> bool:
    """Return whether the role is fit; False if the database does not answer. Raises ``CommandError``."""
    try:
        reason = reason_not_to_start()
    except DatabaseError:
        return False
    if reason:
        raise CommandError(f"This command does not run. {reason}")
    return True

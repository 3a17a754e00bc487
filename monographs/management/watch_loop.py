"""The loop of commands that run until they are stopped (``--watch``)."""

import os
import signal
import threading
from collections.abc import Callable, Iterator

from django.core.management.base import CommandError
from django.db import DatabaseError

from monographs.editions.roles import reason_not_to_start


def watch_rounds(seconds: float, *, after: float = 0.0) -> Iterator[None]:
    """Yield every ``seconds``, first after ``after`` seconds, until a signal arrives or the parent exits.

    Handles SIGINT and SIGTERM from the call on, so that a round that has begun is finished. Raises
    ``CommandError`` if the database role could change the record, as soon as the database answers.
    """
    stop, may_go_on = threading.Event(), parent_watch()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    return _rounds(stop, may_go_on, seconds, after)


def _rounds(
    stop: threading.Event, may_go_on: Callable[[], bool], seconds: float, wait: float
) -> Iterator[None]:
    while not stop.wait(wait) and may_go_on():
        yield
        wait = seconds


def parent_watch() -> Callable[[], bool]:
    """Return a function that says whether this process may go on: as long as its parent lives.

    Raises ``CommandError`` if the database role could change the record; so does the function, once the
    database answers.
    """
    checked, parent = _role_was_checked(), os.getppid()

    def may_go_on() -> bool:
        nonlocal checked
        if os.getppid() != parent:
            return False
        checked = checked or _role_was_checked()
        return True

    return may_go_on


def _role_was_checked() -> bool:
    """Return whether the role is fit; False if the database does not answer. Raises ``CommandError``."""
    try:
        reason = reason_not_to_start()
    except DatabaseError:
        return False
    if reason:
        raise CommandError(f"This command does not run. {reason}")
    return True

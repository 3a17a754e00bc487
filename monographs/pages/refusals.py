"""Refusals on the desk, and keeping their words.

Wagtail answers every refusal with “you do not have permission to access this area”. Who was refused should
read which rule it was and what they can do, and the record should keep it; so the words are noted here
until the request is over.

Where nobody watches, because code was refused outside a request, the refusal leaves its line at once.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class RefusalCapture:
    """What was refused while somebody watched."""

    refusals: list[str] = field(default_factory=list)
    #: Errors shown to the person, in Wagtail's words or ours.
    errors: list[str] = field(default_factory=list)
    #: Whether whoever refused has told the ledger already.
    told: bool = False


_WATCH: ContextVar[RefusalCapture | None] = ContextVar("refusals", default=None)


@contextmanager
def capture_refusals() -> Iterator[RefusalCapture]:
    """Note what is refused meanwhile."""
    watch = RefusalCapture()
    token = _WATCH.set(watch)
    try:
        yield watch
    finally:
        _WATCH.reset(token)


def capture_refusal(message: str) -> None:
    """Something was refused in these words."""
    if watch := _WATCH.get():
        watch.refusals.append(message)


def capture_error(message: str) -> None:
    """An error was shown to the person."""
    if watch := _WATCH.get():
        watch.errors.append(message)


def mark_recorded() -> None:
    """The ledger knows of the refusal."""
    if watch := _WATCH.get():
        watch.told = True


def log_refusal_once(refusal: PermissionDenied, attempt: str, who: Any = None) -> None:
    """One line in the log for ``refusal``, however many notice it on its way up.

    While somebody watches it is theirs to write: they know the address as well (``review/attempts.py``).
    """
    known = any(getattr(error, "has_line", False) for error in (refusal, refusal.__cause__))
    refusal.__dict__["has_line"] = True
    if not known and _WATCH.get() is None:
        logger.warning("refused %s by %s: %s", attempt, who or "code", " ".join(str(refusal).split()))


class PolicyError(PermissionDenied):
    """An attempt that a rule forbids. ``str()`` is the message for the person."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        capture_refusal(message)

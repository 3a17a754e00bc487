"""Progress of long work: a bar with rate and time left on a terminal, one line a step elsewhere.

Only a terminal can overwrite what it shows; in a log or in CI each step is a line, and a step that counts
tells each tenth of it. Long work is interrupted by Ctrl-C with a message that says what is left to do.
"""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any, Protocol

from django.core.management.base import CommandError
from tqdm import tqdm

#: What a shell reports of a process that Ctrl-C ended.
INTERRUPTED = 128 + signal.SIGINT
#: Lines of a step that counts, where it is told by lines.
PARTS = 10


class Progress(Protocol):
    """What long work tells of itself."""

    def step(self, title: str, total: int | None = None, unit: str = "") -> None:
        """Begin a step of ``total`` units, or of unknown length; the step before is done."""

    def advance(self, count: int = 1) -> None:
        """Count units as done."""

    def say(self, line: str) -> None:
        """Write a line that stays."""

    def close(self) -> None:
        """End the last step."""


class NoProgress:
    """Tells nothing."""

    def step(self, title: str, total: int | None = None, unit: str = "") -> None:
        """Tell nothing."""

    def advance(self, count: int = 1) -> None:
        """Tell nothing."""

    def say(self, line: str) -> None:
        """Tell nothing."""

    def close(self) -> None:
        """Tell nothing."""


class ProgressLines:
    """Tells progress by whole lines."""

    def __init__(self, write: Callable[[str], Any]) -> None:
        self._write = write
        self._title = self._unit = ""
        self._total: int | None = None
        self._done = self._told = 0

    def step(self, title: str, total: int | None = None, unit: str = "") -> None:
        """Write the step's title, unless its count will be told."""
        self.close()
        self._title, self._total, self._unit, self._done, self._told = title, total, unit, 0, 0
        if not total:
            self._write(title)

    def advance(self, count: int = 1) -> None:
        """Write a line for each tenth that is done."""
        self._done += count
        if self._total and self._done * PARTS // self._total > self._told:
            self._told = self._done * PARTS // self._total
            self._write(f"{self._title}: {self._done} of {self._total} {self._unit}".rstrip())

    def say(self, line: str) -> None:
        """Write a line."""
        self._write(line)

    def close(self) -> None:
        """Write how many units there were, if that was not known before."""
        if self._done and not self._total:
            self._write(f"{self._title}: {self._done} {self._unit}".rstrip())
        self._done, self._total = 0, None


class ProgressBar:
    """Tells progress by a bar that a terminal overwrites."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._bar: Any = None

    def step(self, title: str, total: int | None = None, unit: str = "") -> None:
        """Begin a new bar, below that of the step before."""
        self.close()
        self._bar = tqdm(
            total=total, desc=title, unit=f" {unit}" if unit else "", file=self._stream, dynamic_ncols=True
        )

    def advance(self, count: int = 1) -> None:
        """Move the bar."""
        if self._bar is not None:
            self._bar.update(count)

    def say(self, line: str) -> None:
        """Write a line above the bar."""
        tqdm.write(line, file=self._stream)

    def close(self) -> None:
        """Leave the bar as it is."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None


@contextmanager
def progress_on(stream: Any, what_is_left: str = "") -> Iterator[Progress]:
    """Yield what tells the block's progress on ``stream``, a command's standard error.

    Ctrl-C and SIGTERM end the block as an exception does, so that nothing half-written stays; the command
    then ends with ``what_is_left`` as its message.
    """
    raw = getattr(stream, "_out", stream)  # Django wraps the stream of a command
    progress: Progress = ProgressBar(raw) if _is_terminal(raw) else ProgressLines(stream.write)
    before = signal.getsignal(signal.SIGTERM)
    is_main = before in (signal.SIG_DFL, signal.default_int_handler)
    try:
        if is_main:
            signal.signal(signal.SIGTERM, _terminated)
        yield progress
    except KeyboardInterrupt:
        progress.close()
        raise CommandError(f"Interrupted. {what_is_left}".strip(), returncode=INTERRUPTED) from None
    finally:
        progress.close()
        if is_main:
            signal.signal(signal.SIGTERM, before)


def _terminated(*_: Any) -> None:
    sys.exit(128 + signal.SIGTERM)


def _is_terminal(stream: Any) -> bool:
    return bool(getattr(stream, "isatty", lambda: False)())

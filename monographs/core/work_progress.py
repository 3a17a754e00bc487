"""Progress of long work: a bar with rate and time left on a terminal, one line a step elsewhere.

Only a terminal can overwrite what it shows; in a log or in CI each step is a line, and a step that counts
tells each tenth of it. Long work is interrupted by Ctrl-C with a message that says what is left to do.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import IO, Any, Protocol

from django.core.management.base import CommandError
from tqdm import tqdm

#: What a shell reports of a process that Ctrl-C ended.
INTERRUPTED = 128 + signal.SIGINT
#: Lines of a step that counts, where it is told by lines.
PARTS = 10
#: Size of a terminal that does not know its own, as one of a container may.
COLUMNS, ROWS = 80, 24


class WorkProgress(Protocol):
    """Progress reports of a long operation."""

    def step(self, title: str, total: int | None = None, unit: str = "") -> None:
        """Begin a step of ``total`` units, or of unknown length; the step before is done."""

    def advance(self, count: int = 1) -> None:
        """Count units as done."""

    def say(self, line: str) -> None:
        """Write a line that stays."""

    def aside(self) -> AbstractContextManager[None]:
        """A context in which other output may be written."""

    def close(self) -> None:
        """End the last step."""


class NoProgress:
    """Reports nothing."""

    def step(self, title: str, total: int | None = None, unit: str = "") -> None:
        """Report nothing."""

    def advance(self, count: int = 1) -> None:
        """Report nothing."""

    def say(self, line: str) -> None:
        """Report nothing."""

    def aside(self) -> AbstractContextManager[None]:
        """A context without effect."""
        return nullcontext()

    def close(self) -> None:
        """Report nothing."""


NO_PROGRESS = NoProgress()


class ProgressLines:
    """Reports progress by whole lines."""

    def __init__(self, write: Callable[[str], Any]) -> None:
        self._write = write
        self._title = self._unit = ""
        self._total: int | None = None
        self._done = self._told = 0

    def step(self, title: str, total: int | None = None, unit: str = "") -> None:
        """Write the step's title, unless its count will be reported."""
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

    def aside(self) -> AbstractContextManager[None]:
        """A context without effect."""
        return nullcontext()

    def close(self) -> None:
        """Write how many units there were, if that was not known before."""
        if self._done and not self._total:
            self._write(f"{self._title}: {self._done} {self._unit}".rstrip())
        self._done, self._total = 0, None


class ProgressBar:
    """Reports progress by a bar that a terminal overwrites."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._bar: Any = None

    def step(self, title: str, total: int | None = None, unit: str = "") -> None:
        """Begin a new bar, below that of the step before."""
        self.close()
        columns = _columns_of(self._stream)
        self._bar = tqdm(
            total=total,
            desc=title,
            unit=f" {unit}" if unit else "",
            file=self._stream,
            dynamic_ncols=columns > 0,
            ncols=None if columns else COLUMNS,
            nrows=None if columns else ROWS,
        )

    def advance(self, count: int = 1) -> None:
        """Move the bar."""
        if self._bar is not None:
            self._bar.update(count)

    def say(self, line: str) -> None:
        """Write a line above the bar."""
        tqdm.write(line, file=self._stream)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """A context in which the bar is hidden."""
        if self._bar is not None:
            self._bar.clear()
        try:
            yield
        finally:
            if self._bar is not None:
                self._bar.refresh()

    def close(self) -> None:
        """Leave the bar as it is."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None


@contextmanager
def progress_on(stream: Any, what_is_left: str = "", *, lines: bool = True) -> Iterator[WorkProgress]:
    """Yield what reports the block's progress on ``stream``, a command's standard error.

    Ctrl-C and SIGTERM end the block as an exception does, so that nothing half-written stays; the command
    then ends with ``what_is_left`` as its message. Without ``lines``, nothing is told where there is no
    terminal: for commands whose own output has a line for each step.
    """
    raw = getattr(stream, "_out", stream)  # Django wraps the stream of a command
    progress: WorkProgress = ProgressLines(stream.write) if lines else NoProgress()
    if _is_terminal(raw):
        progress = ProgressBar(raw)
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


def _columns_of(stream: IO[str]) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        return 0


def _is_terminal(stream: Any) -> bool:
    return bool(getattr(stream, "isatty", lambda: False)())

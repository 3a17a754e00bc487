"""Processor time and memory of processes with all their children, as Linux counts them (proc(5))."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE_SIZE = os.sysconf("SC_PAGE_SIZE")
#: Positions in /proc/<pid>/stat after the name: parent; own time (user, system); that of children that ended.
_PARENT, _TIMES = 1, slice(11, 15)


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def parent(pid: int) -> int:
    """Return the parent of a process."""
    return int(_stat(pid)[_PARENT])


def tree(pid: int) -> Iterator[int]:
    """Yield a process and everything below it."""
    yield pid
    with suppress(FileNotFoundError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            yield from tree(int(child))


def cpu_seconds(pid: int) -> float:
    """Return the processor time of a process and its children, including those that have ended."""
    total = 0
    for each in tree(pid):
        with suppress(FileNotFoundError, ProcessLookupError):
            total += sum(map(int, _stat(each)[_TIMES]))
    return total / _TICKS


def largest_private_megabytes(pid: int) -> float:
    """Return the most memory that a child of a process shares with none, in MB."""
    return max((_private_kilobytes(each) / 1000 for each in tree(pid) if each != pid), default=0.0)


def _private_kilobytes(pid: int) -> int:
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))
    return 0


def largest_memory() -> int:
    """Return the largest memory of this process since it was last asked, in MB (Linux).

    Other than ``ru_maxrss``, it does not count the process that started this one.
    """
    found = re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())
    Path("/proc/self/clear_refs").write_text("5")
    return int(found[1]) // 1024 if found else 0

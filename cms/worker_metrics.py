"""Where gunicorn's workers keep their counters, so that any of them can add up those of all.

Imported by ``cms.gunicorn_conf`` before the application: ``prometheus_client`` chooses its kind of values
when a counter is made.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from prometheus_client import values

#: In memory where there is such a folder: each counter is a write to a mapped file.
_MEMORY = Path("/dev/shm")  # noqa: S108  # a folder of its own is made in it
_slot = "main"


def keep_counters_in_files() -> None:
    """Let counters that are made from now on be kept in files, one per worker, until this process ends."""
    memory = str(_MEMORY) if os.access(_MEMORY, os.W_OK) else None
    folder = tempfile.mkdtemp(prefix="monographs-metrics-", dir=memory)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
    values.ValueClass = values.MultiProcessValue(process_identifier=lambda: _slot)
    owner = os.getpid()
    atexit.register(lambda: shutil.rmtree(folder, ignore_errors=True) if os.getpid() == owner else None)


class WorkerNumbers:
    """A number for each worker, the lowest that is free.

    A worker is replaced after some thousand requests. Files named by process ids would pile up; a new worker
    goes on counting in the file of the one before.
    """

    def __init__(self) -> None:
        self._taken: dict[int, int] = {}

    def take(self, worker: int) -> None:
        """Give this process, a new worker, its number. Called after the fork, in both processes."""
        free = min(set(range(len(self._taken) + 1)) - set(self._taken.values()))
        self._taken[worker] = free

    def enter(self, worker: int) -> None:
        """Count under the worker's number from now on."""
        global _slot  # noqa: PLW0603  # one per process, as the files are
        _slot = str(self._taken[worker])

    def release(self, worker: int) -> None:
        """Give back the number of a worker that has ended."""
        self._taken.pop(worker, None)

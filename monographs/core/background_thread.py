"""A thread that does one piece of work whenever it is woken, one in each process."""

import logging
import os
import threading
from collections.abc import Callable

from django.db import DatabaseError, connection

logger = logging.getLogger(__name__)


class BackgroundThread:
    """Runs ``work`` soon after each ``wake``; calls of ``wake`` during a run cause one more run.

    The thread starts with the first ``wake`` of a process and ends with it, at any point of its work.
    """

    def __init__(self, name: str, work: Callable[[], None]) -> None:
        self.name, self._work = name, work
        self._woken = threading.Event()
        self._lock = threading.Lock()
        self._process = 0

    def wake(self) -> None:
        """Let the thread work; start it if this process has none yet (a fork has no threads)."""
        self._woken.set()
        with self._lock:
            if self._process != os.getpid():
                self._process = os.getpid()
                threading.Thread(target=self._run, name=self.name, daemon=True).start()

    def _run(self) -> None:
        while self._woken.wait():
            self._woken.clear()
            try:
                self._work()
            except DatabaseError as error:
                logger.warning("%s wait, because the database does not answer: %s", self.name, error)
            except Exception:  # the thread must outlive whatever happens in one round
                logger.exception("%s failed", self.name)
            finally:
                connection.close()

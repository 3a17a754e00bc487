"""The process that runs all jobs: it looks twice a second which are due, and never waits for one of them."""

import logging
import threading
import time
from collections.abc import Callable

from django.db import DatabaseError, connection

from monographs.scheduler.job import running_jobs
from monographs.scheduler.job_run import due_jobs
from monographs.scheduler.workers import Worker, worker_of

logger = logging.getLogger(__name__)

#: How often it looks which jobs are due, and how long it leaves a database alone that does not answer.
TICK, DATABASE_PAUSE = 0.5, 2.0
#: How long it waits for the jobs that run when it is told to end, in seconds.
GRACE = 20.0


class Scheduler:
    """Runs the jobs of this site until ``stop`` is set."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._jobs = running_jobs()
        self._workers: dict[str, Worker] = {name: worker_of(job) for name, job in self._jobs.items()}
        self._is_away = False

    def run(self, may_go_on: Callable[[], bool]) -> None:
        """Run jobs until stopped, or ``may_go_on`` returns False; then wait for those that run."""
        wait = 0.0
        while not self._stop.wait(wait) and may_go_on():
            wait = TICK if self._round() else DATABASE_PAUSE
        self._end()

    def _round(self) -> bool:
        """Wake the workers of the jobs that are due; return whether the database answered."""
        try:
            for job in due_jobs(self._jobs.values()):
                self._workers[job.name].wake()
            for worker in self._workers.values():
                worker.check()
        except DatabaseError as error:
            if not self._is_away:
                logger.warning("the database does not answer, and jobs wait for it: %s", error)
            self._is_away = True
            connection.close()
            return False
        if self._is_away:
            logger.warning("the database answers again")
        self._is_away = False
        return True

    def _end(self) -> None:
        deadline = time.monotonic() + GRACE
        for worker in self._workers.values():
            worker.stop()
        late = [n for n, w in self._workers.items() if not w.join(max(deadline - time.monotonic(), 0))]
        if late:
            logger.warning("ended while these jobs ran, which begin again: %s", ", ".join(late))

"""What runs a job beside the others: a thread of the scheduler, or a process of its own."""

import logging
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import DatabaseError, connection

from monographs.scheduler.job import Job
from monographs.scheduler.job_lock import JobLock
from monographs.scheduler.job_run import record_failure, run_job
from monographs.scheduler.schedule import FIRST_PAUSE

logger = logging.getLogger(__name__)


class Worker(Protocol):
    """Runs one job, one run at a time."""

    def wake(self) -> None:
        """Let it run the job if it does not yet."""

    def check(self) -> None:
        """Record a run that has ended, or takes longer than its job may."""

    def stop(self) -> None:
        """Make it end: a thread with its run, a process at once."""

    def join(self, seconds: float) -> bool:
        """Wait until it has ended; return whether it did within so many seconds."""


def worker_of(job: Job) -> Worker:
    """Return a worker for a job."""
    return ProcessWorker(job) if job.own_process else ThreadWorker(job)


class ThreadWorker:
    """A thread for a job that takes seconds. It keeps its connections if the job runs each few seconds."""

    def __init__(self, job: Job) -> None:
        self.job, self._lock = job, JobLock(job.name)
        self._woken, self._stop = threading.Event(), threading.Event()
        self._began: float | None = None
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name=self.job.name, daemon=True)
            self._thread.start()
        if self._began is None:
            self._woken.set()

    def check(self) -> None:
        """A job that hangs cannot be stopped; its lock goes to whoever can run it, a new process for one."""
        began = self._began
        if began is None or time.monotonic() - began < self.job.limit.total_seconds() or self._lock.given_up:
            return
        record_failure(
            self.job,
            f"It has not ended within {self.job.limit}. This scheduler cannot run it again: restart it.",
        )
        self._lock.give_up()

    def stop(self) -> None:
        self._stop.set()
        self._woken.set()

    def join(self, seconds: float) -> bool:
        if self._thread:
            self._thread.join(seconds)
        return not (self._thread and self._thread.is_alive())

    def _work(self) -> None:
        while self._woken.wait() and not self._stop.is_set():
            self._began = time.monotonic()
            self._woken.clear()
            try:
                run_job(self.job, self._lock)
            except DatabaseError as error:
                logger.debug("%s waits for the database: %s", self.job.name, error)
                self._lock.close()
                connection.close()
            except Exception:  # the thread must outlive whatever happens in one run
                logger.exception("%s could not be run", self.job.name)
            schedule = self.job.schedule
            if not schedule or schedule.interval >= FIRST_PAUSE:
                self._lock.close()
                connection.close()
            self._began = None
        self._lock.close()
        connection.close()


class ProcessWorker:
    """A process for a job that takes minutes: ``manage.py scheduler --once NAME``. It can be stopped."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._process: subprocess.Popen[bytes] | None = None
        self._began = self._not_before = 0.0

    def wake(self) -> None:
        """Begin a process, but not one after the other: another scheduler may run the job for hours, and a
        process that cannot begin stores no failure.
        """
        if self._process is None and time.monotonic() >= self._not_before:
            manage = Path(settings.BASE_DIR) / "manage.py"
            self._process = subprocess.Popen(
                [sys.executable, str(manage), "scheduler", "--once", self.job.name, "--if-due"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
            self._began = time.monotonic()
            interval = self.job.schedule.interval if self.job.schedule else FIRST_PAUSE
            self._not_before = self._began + min(interval, FIRST_PAUSE).total_seconds()

    def check(self) -> None:
        if self._process is None:
            return
        status = self._process.poll()
        if status is None and time.monotonic() - self._began > self.job.limit.total_seconds():
            self._process.kill()
            self._process.wait()
            self._process = None
            record_failure(self.job, f"It had not ended within {self.job.limit} and was killed.")
        elif status is not None:
            self._process = None
            if status < 0:
                record_failure(self.job, f"Its process was ended by signal {-status}.")

    def stop(self) -> None:
        if self._process:
            self._process.terminate()

    def join(self, seconds: float) -> bool:
        if self._process is None:
            return True
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return False
        return True

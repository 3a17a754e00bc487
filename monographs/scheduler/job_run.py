"""One run of one job: whether it is due, the lock, and the record of its result."""

import logging
import os
import socket
from collections.abc import Iterable
from datetime import datetime
from enum import Enum, auto

from django.db import DatabaseError, connection, transaction

from monographs.core.db_clock import database_now
from monographs.scheduler.job import Job, JobFailed
from monographs.scheduler.job_lock import JobLock
from monographs.scheduler.models import JobState
from monographs.scheduler.schedule import SHORTEST_LAST_PAUSE, Schedule

logger = logging.getLogger(__name__)

_LENGTH = 500
KILLED = "The run before ended without a result: its process was killed."


class Outcome(Enum):
    """The result of an attempt to run a job."""

    SUCCEEDED = auto()
    FAILED = auto()
    NOT_DUE = auto()
    #: Another process runs it.
    BUSY = auto()


def is_due(schedule: Schedule, state: JobState | None, now: datetime) -> bool:
    """Return whether a job is due. One that seems due in the far future is: the clock was set back."""
    return state is None or not now < state.next_due <= now + schedule.longest_wait


def due_jobs(jobs: Iterable[Job]) -> list[Job]:
    """Return the jobs that are due. Raises ``DatabaseError``."""
    states, now = JobState.objects.in_bulk(), database_now()
    return [job for job in jobs if (plan := job.schedule) and is_due(plan, states.get(job.name), now)]


def run_job(job: Job, lock: JobLock, *, even_if_not_due: bool = False) -> Outcome:
    """Run a job if it is due and no other process runs it. Raises ``DatabaseError`` if that is unknown."""
    if not lock.acquire():
        return Outcome.BUSY
    try:
        if not (schedule := job.schedule):
            return Outcome.NOT_DUE
        state, now = JobState.objects.filter(pk=job.name).first(), database_now()
        if not (even_if_not_due or is_due(schedule, state, now)):
            return Outcome.NOT_DUE
        return _Run(job, schedule, state, now).execute()
    finally:
        lock.release()


def record_failure(job: Job, reason: str) -> None:
    """Record that a run failed, for a process that cannot do so itself: it hangs, or was killed."""
    state = JobState.objects.filter(pk=job.name).first()
    failures = state.consecutive_failures + 1 if state else 1
    logger.error("%s failed: %s", job.name, reason)
    if schedule := job.schedule:
        now = database_now()
        _save(
            job,
            next_due=now + schedule.pause_after(failures),
            finished_at=now,
            consecutive_failures=failures,
            last_error=reason[:_LENGTH],
        )


class _Run:
    """A run that has begun, under the lock."""

    def __init__(self, job: Job, schedule: Schedule, state: JobState | None, now: datetime) -> None:
        self.job, self.schedule, self.started = job, schedule, now
        self.failures = state.consecutive_failures if state else 0
        self.last_result = state.result if state else ""
        self.last_error = state.last_error if state else ""
        if state and state.has_begun:
            self.failures, self.last_error = self.failures + 1, KILLED

    def execute(self) -> Outcome:
        self._begin()
        try:
            result = self.job.function() or ""
        except DatabaseError as error:
            connection.close()  # in whatever state the error left it
            return self._failed(f"The database: {error}".strip())
        except JobFailed as error:
            return self._failed(str(error))
        except Exception as error:
            logger.exception("%s failed", self.job.name)
            return self._failed(f"{type(error).__name__}: {error}")
        except BaseException:  # the process was told to end
            _save(self.job, next_due=database_now(), finished_at=database_now(), result="was interrupted")
            raise
        return self._succeeded(result)

    def _begin(self) -> None:
        """Store that it runs, and when to try again should this process be killed.

        Not of a job that runs all the time: it would be a write each second, and is tried again at once.
        """
        if self.schedule.interval > SHORTEST_LAST_PAUSE or self.last_error == KILLED:
            _save(
                self.job,
                next_due=self.started + self.schedule.pause_after(self.failures + 1),
                started_at=self.started,
                consecutive_failures=self.failures,
                last_error=self.last_error,
                runner=this_process(),
            )

    def _succeeded(self, result: str) -> Outcome:
        if self.failures:
            logger.info("%s succeeds again after %s failures", self.job.name, self.failures)
        if result and not (self._is_frequent and result == self.last_result):  # or it is said each second
            logger.info("%s: %s", self.job.name, result)
        now = database_now()
        values = {"result": result[:_LENGTH]} if result or not self._is_frequent else {}
        _save(
            self.job,
            next_due=self.schedule.next_after(self.started, now),
            started_at=self.started,
            finished_at=now,
            succeeded_at=now,
            consecutive_failures=0,
            last_error="",
            runner=this_process(),
            **values,
        )
        return Outcome.SUCCEEDED

    @property
    def _is_frequent(self) -> bool:
        """Whether what the last run did is overwritten within seconds, so that the last words are kept."""
        return self.schedule.interval <= SHORTEST_LAST_PAUSE

    def _failed(self, reason: str) -> Outcome:
        now, failures = database_now(), self.failures + 1
        pause = self.schedule.pause_after(failures)
        logger.error(
            "%s failed (%s in a row), next attempt in %s: %s", self.job.name, failures, pause, reason
        )
        _save(
            self.job,
            next_due=now + pause,
            started_at=self.started,
            finished_at=now,
            consecutive_failures=failures,
            last_error=reason[:_LENGTH],
            runner=this_process(),
        )
        return Outcome.FAILED


def this_process() -> str:
    """Return the name of this process among all that run jobs: host and process id."""
    return f"{socket.gethostname()}:{os.getpid()}"[:120]


def _save(job: Job, **values: object) -> None:
    """Store columns of a job's state. A crash of the database may lose the last one, and a job runs again."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO off")
        if not JobState.objects.filter(pk=job.name).update(**values):
            JobState.objects.bulk_create([JobState(name=job.name, **values)], ignore_conflicts=True)

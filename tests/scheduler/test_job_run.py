"""A run of a job: its state, failures, the lock against other processes, and runs that never ended."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection

from monographs.core.db_clock import database_now
from monographs.scheduler import job_run
from monographs.scheduler.job import USUAL_LIMIT, Job, JobFailed
from monographs.scheduler.job_lock import JobLock
from monographs.scheduler.job_run import KILLED, Outcome, due_jobs, record_failure, run_job
from monographs.scheduler.models import JobState
from monographs.scheduler.schedule import FIRST_PAUSE
from monographs.scheduler.workers import ProcessWorker, ThreadWorker, Worker
from tests.concurrency import wait_for

pytestmark = pytest.mark.django_db


def job(function: Callable[[], str] = lambda: "did it", every: str = "10min", **options) -> Job:
    values = {"limit": USUAL_LIMIT, "own_process": False, "unneeded": str} | options
    return Job("example", "An example", every, function, **values)


def run(made: Job, **options) -> Outcome:
    lock = JobLock(made.name)
    try:
        return run_job(made, lock, **options)
    finally:
        lock.close()


def stopped(worker: Worker) -> bool:
    worker.stop()
    return worker.join(120)


def raise_error(error: BaseException) -> Callable[[], str]:
    def function() -> str:
        raise error

    return function


def test_a_success_is_stored_and_the_job_is_not_due_again_at_once() -> None:
    assert run(job()) is Outcome.SUCCEEDED
    state = JobState.objects.get()
    assert (state.result, state.last_error, state.consecutive_failures) == ("did it", "", 0)
    assert state.started_at
    assert state.finished_at
    assert state.succeeded_at == state.finished_at >= state.started_at
    assert state.next_due == state.started_at + timedelta(minutes=10)
    assert state.runner.endswith(f":{job_run.os.getpid()}")
    assert due_jobs([job()]) == []
    assert run(job(raise_error(AssertionError()))) is Outcome.NOT_DUE
    assert run(job(lambda: "again"), even_if_not_due=True) is Outcome.SUCCEEDED
    assert JobState.objects.get().result == "again"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (JobFailed("the mail server is away"), "the mail server is away"),
        (ZeroDivisionError("division by zero"), "ZeroDivisionError: division by zero"),
    ],
)
def test_failures_are_counted_with_the_last_error_until_a_success(error: Exception, words: str) -> None:
    for failures in (1, 2, 3):
        assert run(job(raise_error(error)), even_if_not_due=True) is Outcome.FAILED
        state = JobState.objects.get()
        assert (state.consecutive_failures, state.last_error, state.succeeded_at) == (failures, words, None)
    assert state.finished_at
    assert state.next_due - state.finished_at == timedelta(minutes=4)
    assert run(job(), even_if_not_due=True) is Outcome.SUCCEEDED
    state.refresh_from_db()
    assert (state.consecutive_failures, state.last_error) == (0, "")


def test_what_keeps_running_is_one_write_a_run_and_keeps_its_last_words() -> None:
    assert run(job(lambda: "published testumab/1", every="1s")) is Outcome.SUCCEEDED
    assert run(job(lambda: "", every="1s"), even_if_not_due=True) is Outcome.SUCCEEDED
    assert JobState.objects.get().result == "published testumab/1"


def test_a_run_whose_process_was_killed_counts_as_a_failure_and_is_taken_up_after_a_pause() -> None:
    with pytest.raises(KeyboardInterrupt):  # stands for the kill: nothing after it runs
        run(job(raise_error(KeyboardInterrupt())))
    JobState.objects.update(finished_at=None, next_due=database_now())
    found = []

    def look() -> str:
        found.append(JobState.objects.get())
        return ""

    assert run(job(look)) is Outcome.SUCCEEDED
    assert (found[0].consecutive_failures, found[0].last_error) == (1, KILLED)
    assert found[0].started_at
    assert found[0].next_due - found[0].started_at == timedelta(minutes=2), "should it be killed again"
    assert JobState.objects.get().consecutive_failures == 0


def test_a_run_that_is_told_to_end_is_due_at_once_and_no_failure() -> None:
    with pytest.raises(SystemExit):
        run(job(raise_error(SystemExit(143))))
    state = JobState.objects.get()
    assert (state.consecutive_failures, state.result, state.has_begun) == (0, "was interrupted", False)
    assert len(due_jobs([job()])) == 1


def test_a_job_that_another_process_runs_is_left_to_it() -> None:
    other = JobLock("example")
    assert other.acquire()
    assert run(job(), even_if_not_due=True) is Outcome.BUSY
    other.release()
    assert run(job()) is Outcome.SUCCEEDED
    other.close()


def test_the_lock_of_a_killed_process_is_free() -> None:
    other = JobLock("example")
    assert other.acquire()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s",
            [4208],
        )
    lock = JobLock("example")
    wait_for(lock.acquire)
    lock.close()
    other.release()  # by whoever still believes to hold it
    other.close()


def test_a_lock_survives_a_lost_connection() -> None:
    lock = JobLock("example")
    assert lock.acquire()
    lock._connection.connection.close()
    with pytest.raises(DatabaseError):
        lock.acquire()
    assert lock.acquire()
    lock.close()


def test_a_failure_recorded_from_outside_is_one_more() -> None:
    record_failure(job(), "it hangs")
    record_failure(job(), "it hangs")
    state = JobState.objects.get()
    assert (state.consecutive_failures, state.last_error) == (2, "it hangs")
    assert not due_jobs([job()])


@pytest.mark.django_db(transaction=True)
def test_of_two_schedulers_at_once_one_runs_a_job() -> None:
    started, end = threading.Event(), threading.Event()
    runs = []

    def work() -> str:
        runs.append(threading.current_thread().name)
        started.set()
        end.wait(120)
        return ""

    workers = [ThreadWorker(job(work)) for _ in range(3)]
    for worker in workers:
        worker.wake()
    assert started.wait(120)
    wait_for(lambda: sum(worker._began is None for worker in workers) == 2)
    end.set()
    assert all(stopped(worker) for worker in workers)
    assert len(runs) == 1
    assert JobState.objects.get().succeeded_at


@pytest.mark.django_db(transaction=True)
def test_a_job_that_hangs_is_a_failure_and_another_process_can_run_it() -> None:
    started, end = threading.Event(), threading.Event()

    def hang() -> str:
        started.set()
        end.wait(120)
        return ""

    hanging = ThreadWorker(job(hang, limit=timedelta(0)))
    hanging.wake()
    assert started.wait(120)
    hanging.check()
    state = JobState.objects.get()
    assert (state.consecutive_failures, state.last_error[:31]) == (1, "It has not ended within 0:00:00")
    hanging.check()
    assert JobState.objects.get().consecutive_failures == 1, "it is counted once"
    wait_for(lambda: run(job(), even_if_not_due=True) is Outcome.SUCCEEDED)
    end.set()
    assert stopped(hanging)


def has_begun(worker: ProcessWorker) -> bool:
    return worker._process is not None


@pytest.mark.django_db(transaction=True)
def test_a_process_that_ends_at_once_is_not_begun_again_at_once() -> None:
    """Another scheduler may run the job for hours, and a process may be unable to begin."""
    worker = ProcessWorker(job(every="1d", own_process=True))  # no job of the site's: its process is refused
    worker.wake()
    process = worker._process
    assert process is not None
    assert process.wait(120) == 1
    worker.check()
    worker.wake()
    assert not has_begun(worker)
    worker._not_before -= FIRST_PAUSE.total_seconds()
    worker.wake()
    assert has_begun(worker)
    assert stopped(worker)


def test_what_is_said_each_second_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger=job_run.logger.name)
    for words in (
        "NOT published testumab",
        "NOT published testumab",
        "",
        "NOT published testumab",
        "published",
    ):
        run(job(lambda words=words: words, every="1s"), even_if_not_due=True)
    said = [record.getMessage() for record in caplog.records]
    assert said == ["example: NOT published testumab", "example: published"]
    for _ in range(2):
        run(job(lambda: "1 emails sent", every="5min"), even_if_not_due=True)
    assert [record.getMessage() for record in caplog.records][2:] == ["example: 1 emails sent"] * 2

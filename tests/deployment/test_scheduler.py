"""`manage.py scheduler` as processes: two at once, slow jobs, kills, an end by signal, a lost database."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from monographs.core.db_clock import database_now
from monographs.editions.models import Edition
from monographs.review.models import Submission
from monographs.scheduler.models import JobState
from tests.concurrency import wait_for
from tests.deployment.conftest import BASE_DIR, database_url, environment
from tests.factories import make_monograph, sign, submit

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 120


class Schedulers:
    """Schedulers of one site."""

    def __init__(self, folder: Path, running: ExitStack) -> None:
        self.folder, self._running = folder, running

    def start(self) -> subprocess.Popen[str]:
        process = self._running.enter_context(
            subprocess.Popen(
                [sys.executable, "manage.py", "scheduler"],
                cwd=BASE_DIR,
                env=environment(
                    DATABASE_URL=database_url(connection.settings_dict["NAME"]),
                    DJANGO_SETTINGS_MODULE="tests.deployment.example_jobs.settings",
                    EXAMPLE_FOLDER=str(self.folder),
                ),
                stdout=subprocess.PIPE,
                stderr=(self.folder / "errors").open("a"),
                text=True,
            )
        )
        self._running.callback(process.kill)
        assert process.stdout
        assert process.stdout.readline().startswith("Running 5 jobs"), self.errors
        return process

    @property
    def errors(self) -> str:
        return (self.folder / "errors").read_text()

    def noted(self, words: str) -> list[int]:
        """The processes that noted these words."""
        file = self.folder / "noted"
        lines = file.read_text().splitlines() if file.exists() else []
        return [int(line.rpartition(" ")[2]) for line in lines if line.startswith(words)]

    def wait(self, words: str, times: int = 1) -> None:
        wait_for(lambda: len(self.noted(words)) >= times, PATIENCE)

    def allow(self, name: str) -> None:
        (self.folder / name).touch()


@pytest.fixture
def schedulers(tmp_path: Path, reviewer: Any) -> Iterator[Schedulers]:
    """No scheduler yet; those that a test starts are killed at its end."""
    with ExitStack() as running:
        yield Schedulers(tmp_path, running)


def state(name: str) -> JobState:
    return JobState.objects.filter(pk=name).first() or JobState(name=name)


def terminate_connections() -> None:
    """End every connection of another process to this database, as a restart of the server does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_two_schedulers_run_each_job_once_and_none_delays_another(
    schedulers: Schedulers, writer: Any, reviewer: Any
) -> None:
    both = [schedulers.start(), schedulers.start()]
    for words in ("long begins", "thread begins", "raises"):
        schedulers.wait(words)
    wait_for(lambda: state("example_hangs").consecutive_failures == 1, PATIENCE)
    assert "had not ended within 0:00:01 and was killed" in state("example_hangs").last_error
    wait_for(lambda: state("example_raises").last_error == "ZeroDivisionError: by design", PATIENCE)
    # A thread and a process still work, and one process hung: what is due is published meanwhile
    submission = submit(make_monograph(by=writer), writer, publish_at=database_now() + timedelta(hours=1))
    sign(submission, reviewer)
    Submission.objects.update(publish_at=database_now())
    wait_for(Edition.objects.exists, PATIENCE)
    assert not state("example_long").succeeded_at
    # A restart of the database ends the connections, and with them the locks; no job is begun again for that
    terminate_connections()
    wait_for(lambda: bool(state("publish").succeeded_at), PATIENCE)
    schedulers.allow("long may end")
    schedulers.allow("thread may end")
    schedulers.wait("long ends")
    schedulers.wait("thread ends")
    for process in both:
        process.terminate()
    assert [process.wait(PATIENCE) for process in both] == [0, 0], schedulers.errors
    for words in ("long begins", "thread begins", "raises"):
        assert len(schedulers.noted(words)) == 1, (words, schedulers.errors)


def test_what_a_killed_scheduler_ran_is_taken_up_by_another(schedulers: Schedulers) -> None:
    first = schedulers.start()
    schedulers.wait("thread begins")
    schedulers.wait("long begins")
    first.kill()
    first.wait()
    # Its process of its own goes on and ends well; the thread died with it
    schedulers.allow("long may end")
    wait_for(lambda: bool(state("example_long").succeeded_at), PATIENCE)
    assert state("example_thread").has_begun
    JobState.objects.filter(pk="example_thread").update(next_due=database_now())  # the pause is over
    second = schedulers.start()
    schedulers.wait("thread begins", times=2)
    schedulers.allow("thread may end")
    wait_for(lambda: bool(state("example_thread").succeeded_at), PATIENCE)
    assert len(schedulers.noted("long begins")) == 1
    second.send_signal(signal.SIGTERM)
    assert second.wait(PATIENCE) == 0


def test_an_end_by_signal_interrupts_what_can_be_repeated(schedulers: Schedulers) -> None:
    process = schedulers.start()
    schedulers.wait("long begins")
    schedulers.wait("thread begins")
    process.terminate()
    schedulers.allow("thread may end")
    assert process.wait(PATIENCE) == 0
    assert (state("example_long").result, state("example_long").has_begun) == ("was interrupted", False)
    assert state("example_long").consecutive_failures == 0
    assert state("example_long").next_due <= database_now(), "the next scheduler begins it again"
    assert state("example_thread").succeeded_at, "a thread is waited for"
    assert not schedulers.noted("long ends")

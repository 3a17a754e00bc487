"""The service on a separate database, and the states that it may be found in."""

import re
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

from tests.crash.admin_process import AdminProcess, environment_of
from tests.crash.operations import Facts, Operation, State
from tests.crash.postgres import SERVER_SECONDS, Postgres
from tests.crash.web import NO_RESPONSE, REDIRECTED, PendingSubmission, Web, WebResponse, WebUser
from tests.crash.wsgi_server import connections_of

#: The prepared database, see ``prepare`` in ``tests/crash/admin_worker.py``; tests use copies of it.
TEMPLATE = "monographs"
COPY = "crash"
#: Signs in most tests; the first reviewer has signed the first editions.
REVIEWER = "reviewer2"

#: A page's structured data has the second of its publication, which differs from the baseline's.
TIME_OF_DAY = re.compile(rb"(?<=\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(?:\.\d+)?\+00:00")
#: Status and body of a medicine's page, its history and its new figures.
PublicAnswers = tuple[tuple[int, bytes], ...]


@dataclass(frozen=True, slots=True)
class ServiceState:
    """The public answers about a medicine, and the facts of it."""

    public_answers: PublicAnswers
    facts: Facts

    def expect(self, state: State) -> "ServiceState":
        """Return itself. Raises ``AssertionError`` if it differs from ``state``."""
        found = State(self.facts, tuple(status for status, _ in self.public_answers))
        assert found == state
        return self


@dataclass(frozen=True, slots=True)
class Expected:
    """The only two states of a medicine that may be found when an operation is interrupted."""

    before: ServiceState
    after: ServiceState


@dataclass(frozen=True, slots=True)
class Baseline:
    """The states before and after an undisturbed operation, by path, and its duration."""

    expected: dict[str, Expected]
    seconds: float


@dataclass(frozen=True, slots=True)
class CrashEnvironment:
    """What tests share: a folder, the database server, the admin process."""

    folder: Path
    postgres: Postgres
    admin: AdminProcess


class Service:
    """The web server on a fresh copy of the prepared database; ``options`` are those of ``Web``."""

    def __init__(self, environment: CrashEnvironment, **options: Any) -> None:
        self.folder, self.postgres, self.admin = environment.folder, environment.postgres, environment.admin
        self.reset()
        env = environment_of(environment.folder, environment.postgres, COPY)
        self.web = Web(env, environment.folder / "web.log", **options)

    def reset(self, command: str = "in_review") -> list[PendingSubmission]:
        """Restore the prepared database; return what is in review, or what another command leaves there."""
        self.postgres.copy(TEMPLATE, COPY)
        return self.pending(command)

    def pending(self, command: str = "in_review") -> list[PendingSubmission]:
        """Return what is in review, or the submissions that another command returns."""
        return [PendingSubmission(**fields) for fields in self.call(command)]

    def call(self, command: str, **details: Any) -> Any:
        """Return what a command of the admin process returns."""
        return self.admin.call(command, COPY, **details)

    def user(self, username: str = "") -> WebUser:
        """Return an anonymous client, or one signed in to the admin."""
        person = WebUser(self.web.port)
        return person.sign_in(username) if username else person

    def read(self, medicine: PendingSubmission) -> PublicAnswers:
        """Return the public answers about a medicine, without the time of day of a publication."""
        patient = self.user()
        paths = (medicine.path, f"{medicine.path}editions/", *medicine.figures)
        answers = [patient.get(path) for path in paths]
        return tuple((answer.status, TIME_OF_DAY.sub(b"", answer.body)) for answer in answers)

    def wait_until_database_is_asked(self) -> None:
        """Wait until public pages are no longer those from memory, after the database was away."""
        deadline = time.monotonic() + SERVER_SECONDS
        while self.user().get("/medicines/nothing/").status != HTTPStatus.NOT_FOUND:
            assert time.monotonic() < deadline, self.web.log_tail()
            time.sleep(0.1)

    def find(self, medicine: PendingSubmission) -> ServiceState:
        """Return the present state of ``medicine``."""
        return ServiceState(self.read(medicine), self.call("facts", submission=medicine.submission))

    def completed(self, medicine: PendingSubmission, expected: Expected) -> bool:
        """Return whether the operation was completed. Public pages, admin and ledger must agree."""
        self.call("verify")
        found = self.find(medicine)
        assert found in (expected.before, expected.after)
        return found == expected.after

    def measure_baseline(self, operation: Operation) -> Baseline:
        """Perform the operation on every medicine without interruption."""
        waiting = self.reset(operation.prepared_by)
        signer = self.user(REVIEWER)
        expected = {}
        seconds = []
        for medicine in waiting:
            before = self.find(medicine).expect(operation.before)
            request = BackgroundRequest(partial(operation.do, signer, medicine))
            assert request.answer().status == REDIRECTED, request.answer()
            seconds.append(request.seconds)
            expected[medicine.path] = Expected(before, self.find(medicine).expect(operation.after))
        return Baseline(expected, statistics.median(seconds))

    def wait_for_disconnect(self, process: int) -> None:
        """Wait until the database has ended the connections and transactions of a killed process."""
        deadline = time.monotonic() + SERVER_SECONDS
        with self.postgres.connect() as watch:
            while watch.execute(
                "SELECT 1 FROM pg_stat_activity WHERE application_name = %s", [connections_of(process)]
            ).fetchone():
                assert time.monotonic() < deadline, "a killed process still has connections"
                time.sleep(0.005)


class BackgroundRequest:
    """A request to the web server in a thread."""

    def __init__(self, ask: Callable[[], WebResponse]) -> None:
        self.seconds = 0.0
        self._answer = NO_RESPONSE
        self._thread = threading.Thread(target=self._run, args=[ask])
        self._thread.start()

    def _run(self, ask: Callable[[], WebResponse]) -> None:
        began = time.perf_counter()
        self._answer = ask()
        self.seconds = time.perf_counter() - began

    @property
    def is_running(self) -> bool:
        """Return whether there is no response yet."""
        return self._thread.is_alive()

    def answer(self) -> WebResponse:
        """Wait for the response and return it."""
        self._thread.join()
        return self._answer

"""The service on a database of its own, and all that it may answer."""

import re
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tests.crash.crash_site import CrashSiteAdmin, environment_of
from tests.crash.operations import Deed, Facts, State
from tests.crash.postgres import SERVER_SECONDS, Postgres
from tests.crash.web import DONE, NO_ANSWER, Waiting, Web, WebResponse, WebUser
from tests.crash.wsgi_server import connections_of

#: The prepared database, see ``tests/crash/sign_off_client.py``; tests work on copies of it.
TEMPLATE = "monographs"
COPY = "crash"
#: Signs in most tests. The first reviewer has signed the first editions.
REVIEWER = "reviewer2"

#: A page tells machines the second in which it was published, which is another one than in the rehearsal.
TIME_OF_DAY = re.compile(rb"(?<=\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(?:\.\d+)?\+00:00")
#: What a patient gets of a medicine: status and bytes of its page, its history, and its new figures.
Reading = tuple[tuple[int, bytes], ...]


@dataclass(frozen=True, slots=True)
class ServiceState:
    """What patients get of a medicine, and what desk and record say of it."""

    reading: Reading
    facts: Facts

    def fits(self, state: State) -> "ServiceState":
        """Itself. Raises ``AssertionError`` if it is not of ``state``."""
        found = State(self.facts, tuple(status for status, _ in self.reading))
        assert found == state
        return self


@dataclass(frozen=True, slots=True)
class Expected:
    """The two things that may be found of a medicine while something is done; nothing lies between them."""

    before: ServiceState
    after: ServiceState


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a deed changes, by path, and how long it takes."""

    expected: dict[str, Expected]
    seconds: float


@dataclass(frozen=True, slots=True)
class ServiceFolder:
    """What outlives a test: a folder, the database server, the clerk."""

    folder: Path
    postgres: Postgres
    desk: CrashSiteAdmin


class Service:
    """The web server on a fresh copy of the prepared database; ``options`` are the web server's."""

    def __init__(self, ground: ServiceFolder, **options: Any) -> None:
        self.folder, self.postgres, self.desk = ground.folder, ground.postgres, ground.desk
        self.renew()
        env = environment_of(ground.folder, ground.postgres, COPY)
        self.web = Web(env, ground.folder / "web.log", **options)

    def renew(self, question: str = "in_review") -> list[Waiting]:
        """Begin anew with everything in review; what waits there, or what the clerk then makes of it."""
        self.postgres.copy(TEMPLATE, COPY)
        return self.waiting(question)

    def waiting(self, question: str = "in_review") -> list[Waiting]:
        """What waits for a signature, or whatever the clerk names to another question."""
        return [Waiting(**waiting) for waiting in self.ask(question)]

    def ask(self, question: str, **details: Any) -> Any:
        """What the clerk says."""
        return self.desk.ask(question, COPY, **details)

    def somebody(self, username: str = "") -> WebUser:
        """A patient, or somebody signed in at the desk."""
        person = WebUser(self.web.port)
        return person.sign_in(username) if username else person

    def read(self, medicine: Waiting) -> Reading:
        """What a patient gets, less the time of day of a publication. An answer there must be."""
        patient = self.somebody()
        paths = (medicine.path, f"{medicine.path}editions/", *medicine.figures)
        answers = [patient.get(path) for path in paths]
        return tuple((answer.status, TIME_OF_DAY.sub(b"", answer.body)) for answer in answers)

    def find(self, medicine: Waiting) -> ServiceState:
        """Everything there is to know of ``medicine`` now."""
        return ServiceState(self.read(medicine), self.ask("facts", submission=medicine.submission))

    def ended(self, medicine: Waiting, expected: Expected) -> bool:
        """Whether it was done. Patients' pages, desk and record must agree and verify."""
        self.ask("verify")
        found = self.find(medicine)
        assert found in (expected.before, expected.after)
        return found == expected.after

    def rehearse(self, deed: Deed) -> Rehearsal:
        """Do it to everything undisturbed."""
        waiting = self.renew(deed.led_to_by)
        signer = self.somebody(REVIEWER)
        expected = {}
        seconds = []
        for medicine in waiting:
            before = self.find(medicine).fits(deed.before)
            doing = Errand(partial(deed.do, signer, medicine))
            assert doing.answer().status == DONE, doing.answer()
            seconds.append(doing.seconds)
            expected[medicine.path] = Expected(before, self.find(medicine).fits(deed.after))
        return Rehearsal(expected, statistics.median(seconds))

    def wait_for_the_end_of(self, process: int) -> None:
        """Return when the database has noticed that a process is gone and decided what it had begun."""
        deadline = time.monotonic() + SERVER_SECONDS
        with self.postgres.connect() as watch:
            while watch.execute(
                "SELECT 1 FROM pg_stat_activity WHERE application_name = %s", [connections_of(process)]
            ).fetchone():
                assert time.monotonic() < deadline, "a killed process still has connections"
                time.sleep(0.005)


class Errand:
    """Something that somebody asks of the web server, on its way."""

    def __init__(self, ask: Callable[[], WebResponse]) -> None:
        self.seconds = 0.0
        self._answer = NO_ANSWER
        self._thread = threading.Thread(target=self._run, args=[ask])
        self._thread.start()

    def _run(self, ask: Callable[[], WebResponse]) -> None:
        began = time.perf_counter()
        self._answer = ask()
        self.seconds = time.perf_counter() - began

    @property
    def under_way(self) -> bool:
        """Whether no answer has come yet."""
        return self._thread.is_alive()

    def answer(self) -> WebResponse:
        """What came of it."""
        self._thread.join()
        return self._answer

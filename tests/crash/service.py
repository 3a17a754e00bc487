"""The service on a database of its own, and all that it may answer."""

import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tests.crash.desk import Desk, environment_of
from tests.crash.postgres import SERVER_SECONDS, Postgres
from tests.crash.web import NO_ANSWER, Answer, Person, Waiting, Web

#: The prepared database, see ``tests/crash/clerk.py``; tests work on copies of it.
TEMPLATE = "monographs"
COPY = "crash"
#: Signs in most tests. The first reviewer has signed the first editions.
REVIEWER = "reviewer2"

#: What desk and record say of a page whose second edition is in review, and of one where it is signed.
BEFORE = {
    "submission": "in_review",
    "workflow": "in_progress",
    "frozen": True,
    "signatures": 0,
    "editions": 1,
    "public": 1,
    "desk shows": 1,
}
AFTER = {
    "submission": "signed",
    "workflow": "approved",
    "frozen": False,
    "signatures": 1,
    "editions": 2,
    "public": 2,
    "desk shows": 2,
}

#: What a patient gets of a medicine: status and bytes of its page and of the figures of its second edition.
Reading = tuple[tuple[int, bytes], ...]


@dataclass(frozen=True, slots=True)
class Expected:
    """The two things a patient may get of a medicine while it is signed; nothing lies between them."""

    before: Reading
    after: Reading

    def name(self, found: Reading) -> str:
        """Which of the two was found."""
        if found == self.before:
            return "before"
        return "after" if found == self.after else f"neither: {found}"


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What signing changes for patients, by path, and how long it takes."""

    expected: dict[str, Expected]
    seconds: float


@dataclass(frozen=True, slots=True)
class Ground:
    """What outlives a test: a folder, the database server, the clerk."""

    folder: Path
    postgres: Postgres
    desk: Desk


class Service:
    """The web server on a fresh copy of the prepared database; ``options`` are the web server's."""

    def __init__(self, ground: Ground, **options: Any) -> None:
        self.folder, self.postgres, self.desk = ground.folder, ground.postgres, ground.desk
        self.renew()
        env = environment_of(ground.folder, ground.postgres, COPY)
        self.web = Web(env, ground.folder / "web.log", **options)

    def renew(self) -> list[Waiting]:
        """Begin anew with everything in review; what waits there."""
        self.postgres.copy(TEMPLATE, COPY)
        return self.waiting()

    def waiting(self) -> list[Waiting]:
        """What waits for a signature."""
        return [Waiting(**waiting) for waiting in self.ask("in_review")]

    def ask(self, question: str, **details: Any) -> Any:
        """What the clerk says."""
        return self.desk.ask(question, COPY, **details)

    def somebody(self, username: str = "") -> Person:
        """A patient, or somebody signed in at the desk."""
        person = Person(self.web.port)
        return person.sign_in(username) if username else person

    def read(self, medicine: Waiting) -> Reading:
        """What a patient gets. An answer there must be."""
        patient = self.somebody()
        answers = [patient.get(path) for path in (medicine.path, *medicine.figures)]
        return tuple((answer.status, answer.body) for answer in answers)

    def ended(self, medicine: Waiting, expected: Expected) -> bool:
        """Whether ``medicine`` was published. Patients' page, desk and record must agree and verify."""
        self.ask("verify")
        public, facts = expected.name(self.read(medicine)), self.ask("facts", submission=medicine.submission)
        assert (public, facts) in (("before", BEFORE), ("after", AFTER)), (public, facts)
        return public == "after"

    def rehearse(self) -> Rehearsal:
        """Sign everything undisturbed."""
        waiting = self.renew()
        signer = self.somebody(REVIEWER)
        expected = {}
        seconds = []
        for medicine in waiting:
            before = self.read(medicine)
            signing = Errand(partial(signer.sign, medicine))
            assert signing.answer().status == 302, signing.answer()
            seconds.append(signing.seconds)
            after = self.read(medicine)
            assert [status for status, _ in before] == [200, 404]
            assert [status for status, _ in after] == [200, 200]
            expected[medicine.path] = Expected(before, after)
        return Rehearsal(expected, statistics.median(seconds))

    def wait_for_the_end_of(self, worker: int) -> None:
        """Return when the database has noticed that a web process is gone and decided what it had begun."""
        deadline = time.monotonic() + SERVER_SECONDS
        with self.postgres.connect() as watch:
            while watch.execute(
                "SELECT FROM pg_stat_activity WHERE application_name = %s", [f"web-{worker}"]
            ).fetchone():
                assert time.monotonic() < deadline, "a killed process still has connections"
                time.sleep(0.005)


class Errand:
    """Something that somebody asks of the web server, on its way."""

    def __init__(self, ask: Callable[[], Answer]) -> None:
        self.seconds = 0.0
        self._answer = NO_ANSWER
        self._thread = threading.Thread(target=self._run, args=[ask])
        self._thread.start()

    def _run(self, ask: Callable[[], Answer]) -> None:
        began = time.perf_counter()
        self._answer = ask()
        self.seconds = time.perf_counter() - began

    @property
    def under_way(self) -> bool:
        """Whether no answer has come yet."""
        return self._thread.is_alive()

    def answer(self) -> Answer:
        """What came of it."""
        self._thread.join()
        return self._answer

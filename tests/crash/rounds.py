"""Strikes at random moments of a sign-off, and a count of what they hit and how it ended."""

import os
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator

import psycopg

from tests.crash.service import REVIEWER, Expected, Service, Signing, Waiting
from tests.crash.web import Person

#: How far behind the usual end of a sign-off moments reach.
REACH = 1.3
#: Each so many rounds a sign-off is struck only when it has been answered, which tells how long one takes now.
TIME_EVERY = 20
#: Of so many last such sign-offs the middle one counts.
REMEMBERED = 5

#: What a web process is about, as its database connections show it.
PHASE = """
SELECT coalesce(CASE
    WHEN bool_or(state = 'active' AND query = 'COMMIT') THEN 'committing'
    WHEN bool_or(xact_start IS NOT NULL AND backend_xid IS NOT NULL) THEN 'writing'
    WHEN bool_or(xact_start IS NOT NULL) THEN 'reading'
    END, 'outside a transaction')
FROM pg_stat_activity WHERE application_name = %s
"""


class Rounds:
    """So many rounds, whose seed decides everything but how fast the machine is.

    ``CRASH_TIMES`` multiplies their number, ``CRASH_SEED`` repeats a run.
    """

    def __init__(self, what: str, number: int) -> None:
        self.what = what
        self.number = number * int(os.environ.get("CRASH_TIMES", "1"))
        self.seed = int(os.environ.get("CRASH_SEED") or random.SystemRandom().getrandbits(32))
        self.random = random.Random(self.seed)
        self.hits: Counter[str] = Counter()
        self.ends: Counter[str] = Counter()
        self._times: list[float] = []
        self._began = time.monotonic()

    def moments(self) -> Iterator[float | None]:
        """Seconds from each beginning to each strike, every stretch of the time a sign-off takes hit once.

        None, now and then, for a strike right behind the answer; ``took`` must then be told of its time.
        """
        stretches = list(range(self.number))
        self.random.shuffle(stretches)
        for done, stretch in enumerate(stretches):
            if done % TIME_EVERY == 0:
                yield None
            place = (stretch + self.random.random()) / self.number
            yield place * REACH * statistics.median(self._times)

    def took(self, seconds: float) -> None:
        """How long an undisturbed sign-off took."""
        self._times = [*self._times, seconds][-REMEMBERED:]

    def note(self, hit: str, end: str) -> None:
        """Count a strike."""
        self.hits[hit] += 1
        self.ends[end] += 1

    def report(self) -> str:
        """A line that says what happened; ``make crash`` shows it."""
        line = (
            f"{self.what}: {self.ends.total()} rounds in {time.monotonic() - self._began:.0f} s "
            f"(seed {self.seed}); ended {_counts(self.ends)}; struck {_counts(self.hits)}"
        )
        sys.stdout.write(f"\n{line}\n")
        return line


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counter.most_common())


def strike_sign_offs(
    service: Service, rounds: Rounds, strike: Callable[[Waiting, Expected], str], *, excuses: set[int]
) -> str:
    """Have sign-offs struck, each at its moment, and look what is left; the report.

    ``strike`` breaks something, mends it and says what it hit. Patients' pages, desk and record must agree
    on the old edition or on the new one, and hold what the reviewer was told; a reviewer may also be told
    nothing, or get one of the statuses in ``excuses``.
    """
    expected = service.rehearse()
    waiting: list[Waiting] = []
    signer = Person(service.web.port)
    for moment in rounds.moments():
        if not waiting:
            waiting = service.renew()
            signer = service.somebody(REVIEWER)
        medicine = rounds.random.choice(waiting)
        signing = Signing(signer, medicine)
        if moment is None:
            signing.answer()
            rounds.took(signing.seconds)
        else:
            time.sleep(moment)
        under_way = signing.under_way
        hit = strike(medicine, expected[medicine.path])
        answer = signing.answer()
        published = service.ended(medicine, expected[medicine.path])
        told = answer is not None and answer.status == 302
        assert told or answer is None or answer.status in excuses, answer
        assert published or not told, "the reviewer was told of an edition that is not there"
        rounds.note(hit if under_way else "after the answer", "new" if published else "old")
        if published:
            waiting.remove(medicine)
    for medicine in waiting:
        assert Signing(signer, medicine).answer()
        assert service.ended(medicine, expected[medicine.path]), "what was struck cannot be signed any more"
    report = rounds.report()
    assert rounds.ends["old"], report
    assert rounds.ends["new"], report
    return report


def phase(watch: psycopg.Connection, worker: int) -> str:
    """What a web process is doing in the database."""
    found = watch.execute(PHASE, [f"web-{worker}"]).fetchone()
    return str(found and found[0])

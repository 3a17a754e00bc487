"""Strikes at random moments of a sign-off, and a count of what they hit and how it ended."""

import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

import psycopg

from tests.crash.service import REVIEWER, Errand, Expected, Service
from tests.crash.web import NO_ANSWER, Person, Waiting

#: How far behind the usual end of a sign-off moments reach.
REACH = 1.3
#: Each so many rounds there is another one, struck only behind the answer: it shows how long an answer takes.
TIME_EVERY = 20
#: Of so many last such rounds the quickest counts.
REMEMBERED = 3

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
        self.number = round(number * float(os.environ.get("CRASH_TIMES", "1")))
        self.seed = int(os.environ.get("CRASH_SEED") or random.SystemRandom().getrandbits(32))
        self.random = random.Random(self.seed)  # noqa: S311  # moments are no secrets
        self.seen: Counter[tuple[str, str]] = Counter()
        self._times: list[float] = []
        self._began = time.monotonic()

    def moments(self) -> Iterator[float | None]:
        """Seconds from each beginning to each strike, every stretch of the time a sign-off takes hit once.

        None, now and then, for a strike behind the answer, which shows how long it takes now.
        """
        stretches = list(range(self.number))
        self.random.shuffle(stretches)
        for done, stretch in enumerate(stretches):
            if done % TIME_EVERY == 0:
                yield None
            place = (stretch + self.random.random()) / self.number
            yield place * REACH * min(self._times)

    def hit(self, errand: Errand, moment: float | None, strike: Callable[[], str]) -> str:
        """Strike ``errand`` at its moment; what was hit."""
        if moment is None:
            errand.answer()
            self._times = [*self._times, errand.seconds][-REMEMBERED:]
        else:
            time.sleep(moment)
        under_way = errand.under_way
        hit = strike()
        return hit if under_way else "after the answer"

    def note(self, moment: float | None, hit: str, end: str) -> None:
        """Count a strike, if its moment was a random one."""
        if moment is not None:
            self.seen[hit, end] += 1

    def report(self, *ends: str) -> None:
        """Write what happened, as ``make crash`` shows it. Each of ``ends`` must have come about."""
        table = [f"    {hit}: {end} {times}" for (hit, end), times in sorted(self.seen.items())]
        seconds = time.monotonic() - self._began
        head = f"{self.what}: {self.seen.total()} rounds in {seconds:.0f} s, seed {self.seed}; struck"
        told = "\n".join([head, *table])
        sys.stdout.write(f"\n{told}\n")
        assert {end for _, end in self.seen} == set(ends), told


def strike_sign_offs(
    service: Service, rounds: Rounds, strike: Callable[[Waiting, Expected], str], *, excuses: set[int]
) -> None:
    """Have sign-offs struck, each at its moment, and look what is left.

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
        signing = Errand(partial(signer.sign, medicine))
        hit = rounds.hit(signing, moment, partial(strike, medicine, expected[medicine.path]))
        told = signing.answer().status
        published = service.ended(medicine, expected[medicine.path])
        assert told in {302, NO_ANSWER.status, *excuses}
        assert published or told != 302, "the reviewer was told of an edition that is not there"
        rounds.note(moment, hit, "new" if published else "old")
        if published:
            waiting.remove(medicine)
    for medicine in waiting:
        assert signer.sign(medicine).status == 302
        assert service.ended(medicine, expected[medicine.path])
    rounds.report("old", "new")


def phase(watch: psycopg.Connection, worker: int) -> str:
    """What a web process is doing in the database."""
    found = watch.execute(PHASE, [f"web-{worker}"]).fetchone()
    return str(found and found[0])

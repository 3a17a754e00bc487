"""Strikes at random moments of something done, and a count of what they hit and how it ended."""

import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

import psycopg

from tests.crash.operations import Deed
from tests.crash.service import REVIEWER, Errand, Expected, Service
from tests.crash.web import DONE, NO_ANSWER, Waiting, WebUser
from tests.crash.wsgi_server import connections_of

#: How much later, in proportion, the latest strike may come after one that came in time, and after one that
#: came too late. About one strike in four comes too late then, however fast the machine is at the moment.
LATER, EARLIER = 1.05, 0.85

#: From so many rounds on, every end of something struck must have been among them.
ENOUGH = 10
#: Where, in proportion to how long it took undisturbed, the latest of the first strikes comes: in a short run
#: too, one comes too late.
FIRST = 1.5
#: Hit when it was over.
ANSWERED = "after the answer"

#: What a process is about, as its database connections show it.
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
        self.latest = 0.0
        self._began = time.monotonic()

    def moments(self) -> Iterator[float]:
        """Places between the beginning (0) and the latest strike (1), one in every stretch, shuffled."""
        stretches = list(range(self.number))
        self.random.shuffle(stretches)
        for stretch in stretches:
            yield (stretch + self.random.random()) / self.number

    def hit(self, errand: Errand, moment: float, strike: Callable[[], str]) -> str:
        """Strike ``errand`` at its moment; what was hit."""
        time.sleep(moment * self.latest)
        if errand.under_way:
            self.latest *= LATER
            return strike()
        self.latest *= EARLIER
        strike()
        return ANSWERED

    def note(self, hit: str, end: str) -> None:
        """Count a strike."""
        self.seen[hit, end] += 1

    def report(self, *ends: str) -> None:
        """Write what happened, as ``make crash`` shows it. In enough rounds each of ``ends`` comes about."""
        table = [f"    {hit}: {end} {times}" for (hit, end), times in sorted(self.seen.items())]
        seconds = time.monotonic() - self._began
        head = f"{self.what}: {self.seen.total()} rounds in {seconds:.0f} s, seed {self.seed}; struck"
        told = "\n".join([head, *table])
        sys.stdout.write(f"\n{told}\n")
        seen = {end for _, end in self.seen}
        assert seen <= set(ends), told
        assert seen == set(ends) or self.number < ENOUGH, told


def strike_at(
    deed: Deed,
    service: Service,
    rounds: Rounds,
    strike: Callable[[Waiting, Expected], str],
    *,
    excuses: set[int],
) -> None:
    """Have deeds struck, each at its moment, and look what is left.

    ``strike`` breaks something, mends it and says what it hit. Patients' pages, desk and record must agree
    on the old state or on the new one, and hold what the reviewer was told; a reviewer may also be told
    nothing, or get one of the statuses in ``excuses``.
    """
    rehearsal = service.rehearse(deed)
    expected, rounds.latest = rehearsal.expected, rehearsal.seconds * FIRST
    waiting: list[Waiting] = []
    signer = WebUser(service.web.port)
    for moment in rounds.moments():
        if not waiting:
            waiting = service.renew(deed.led_to_by)
            signer = service.somebody(REVIEWER)
        medicine = rounds.random.choice(waiting)
        doing = Errand(partial(deed.do, signer, medicine))
        hit = rounds.hit(doing, moment, partial(strike, medicine, expected[medicine.path]))
        told = doing.answer().status
        done = service.ended(medicine, expected[medicine.path])
        allowed = {DONE} if hit == ANSWERED else {DONE, NO_ANSWER.status, *excuses}
        assert told in allowed, f"struck {hit}, told {told}\n{service.web.last_words()}"
        assert done or told != DONE, "the reviewer was told of what is not there"
        rounds.note(hit, "new" if done else "old")
        if done:
            waiting.remove(medicine)
    for medicine in waiting:
        assert deed.do(signer, medicine).status == DONE, service.web.last_words()
        assert service.ended(medicine, expected[medicine.path])
    rounds.report("old", "new")


def phase(watch: psycopg.Connection, process: int) -> str:
    """What a process is doing in the database."""
    found = watch.execute(PHASE, [connections_of(process)]).fetchone()
    return str(found and found[0])

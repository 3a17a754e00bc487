"""Repeated interruption of an operation at random offsets, with counts of phases and outcomes."""

import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

import psycopg

from tests.crash.operations import Operation
from tests.crash.service import REVIEWER, BackgroundRequest, Expected, Service
from tests.crash.web import NO_RESPONSE, REDIRECTED, PendingSubmission, WebUser
from tests.crash.wsgi_server import connections_of

#: Factors of the largest offset after a fault that came in time, and after one that came too late. About one
#: fault in four then comes too late, however fast the machine is.
WIDEN, NARROW = 1.05, 0.85

#: From this number of iterations on, every outcome must have occurred.
ENOUGH_FOR_EVERY_OUTCOME = 10
#: The first largest offset, in multiples of the undisturbed duration: one fault is late even in a short run.
INITIAL_SPREAD = 1.5
#: The offset of a fault that waits for the response.
LATE = 1.0
#: The phase of a fault that came when the operation was over.
AFTER_THE_RESPONSE = "after the response"

#: What a process is doing, derived from its database connections.
PHASE = """
SELECT coalesce(CASE
    WHEN bool_or(state = 'active' AND query = 'COMMIT') THEN 'committing'
    WHEN bool_or(xact_start IS NOT NULL AND backend_xid IS NOT NULL) THEN 'writing'
    WHEN bool_or(xact_start IS NOT NULL) THEN 'reading'
    END, 'outside a transaction')
FROM pg_stat_activity WHERE application_name = %s
"""


class Campaign:
    """A number of iterations, reproducible from a seed except for the speed of the machine.

    ``CRASH_TIMES`` multiplies their number, ``CRASH_SEED`` repeats a run.
    """

    def __init__(self, what: str, number: int) -> None:
        self.what = what
        self.number = round(number * float(os.environ.get("CRASH_TIMES", "1")))
        self.seed = int(os.environ.get("CRASH_SEED") or random.SystemRandom().getrandbits(32))
        self.random = random.Random(self.seed)  # noqa: S311  # moments are no secrets
        self.seen: Counter[tuple[str, str]] = Counter()
        self.spread = 0.0
        self._began = time.monotonic()

    def offsets(self) -> Iterator[float]:
        """Yield offsets between 0 and 1, one in each of as many equal intervals, in random order.

        Where every outcome must occur, the last is ``LATE``: a machine that got slower meanwhile could let
        all others come too early.
        """
        stretches = list(range(self.number))
        self.random.shuffle(stretches)
        for stretch in stretches:
            is_late = stretch == self.number - 1 and self.number >= ENOUGH_FOR_EVERY_OUTCOME
            yield LATE if is_late else (stretch + self.random.random()) / self.number

    def interrupt(self, request: BackgroundRequest, offset: float, inject_fault: Callable[[], str]) -> str:
        """Inject a fault during ``request`` at ``offset``; return the phase that it interrupted."""
        if offset == LATE:
            request.answer()
        else:
            time.sleep(offset * self.spread)
        if request.is_running:
            self.spread *= WIDEN
            return inject_fault()
        self.spread *= NARROW
        inject_fault()
        return AFTER_THE_RESPONSE

    def count(self, interrupted: str, end: str) -> None:
        """Count an iteration."""
        self.seen[interrupted, end] += 1

    def report(self, *outcomes: str) -> None:
        """Print the counts; with enough iterations each of ``outcomes`` must have occurred."""
        table = [
            f"    {interrupted}: {end} {times}" for (interrupted, end), times in sorted(self.seen.items())
        ]
        seconds = time.monotonic() - self._began
        head = (
            f"{self.what}: {self.seen.total()} iterations in {seconds:.0f} s, seed {self.seed}; interrupted"
        )
        summary = "\n".join([head, *table])
        sys.stdout.write(f"\n{summary}\n")
        seen = {end for _, end in self.seen}
        assert seen <= set(outcomes), summary
        assert seen == set(outcomes) or self.number < ENOUGH_FOR_EVERY_OUTCOME, summary


def run_campaign(
    operation: Operation,
    service: Service,
    campaign: Campaign,
    inject_fault: Callable[[PendingSubmission, Expected], str],
    *,
    tolerated: set[int],
) -> None:
    """Interrupt an operation at each offset and check the state that is left.

    ``inject_fault`` breaks something, recovers it and returns the phase that it interrupted. Public pages,
    admin and append-only tables must agree on the old state or on the new one, and on the new one if the
    reviewer got a success response; a reviewer may also get no response, or a status in ``tolerated``.
    """
    baseline = service.measure_baseline(operation)
    expected, campaign.spread = baseline.expected, baseline.seconds * INITIAL_SPREAD
    waiting: list[PendingSubmission] = []
    signer = WebUser(service.web.port)
    for offset in campaign.offsets():
        if not waiting:
            waiting = service.reset(operation.prepared_by)
            signer = service.user(REVIEWER)
        medicine = campaign.random.choice(waiting)
        request = BackgroundRequest(partial(operation.do, signer, medicine))
        interrupted = campaign.interrupt(
            request, offset, partial(inject_fault, medicine, expected[medicine.path])
        )
        status = request.answer().status
        done = service.completed(medicine, expected[medicine.path])
        allowed = (
            {REDIRECTED}
            if interrupted == AFTER_THE_RESPONSE
            else {REDIRECTED, NO_RESPONSE.status, *tolerated}
        )
        assert status in allowed, f"interrupted {interrupted}, status {status}\n{service.web.log_tail()}"
        assert done or status != REDIRECTED, "the reviewer was told of an edition that does not exist"
        campaign.count(interrupted, "new" if done else "old")
        if done:
            waiting.remove(medicine)
    for medicine in waiting:
        assert operation.do(signer, medicine).status == REDIRECTED, service.web.log_tail()
        assert service.completed(medicine, expected[medicine.path])
    campaign.report("old", "new")


def phase(watch: psycopg.Connection, process: int) -> str:
    """Return what a process is doing in the database."""
    found = watch.execute(PHASE, [connections_of(process)]).fetchone()
    return str(found and found[0])

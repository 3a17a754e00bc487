"""Faults of the database, the service and the caches while people read."""

import signal
import threading
import time
from collections.abc import Callable

from monographs.public.models import CachePurge
from monographs.public.shared_cache.purge_outbox import waiting
from tests.concurrency import wait_for
from tests.resilience.gate import GateState
from tests.resilience.outcome import Outcome, Scale, outcome_of
from tests.resilience.readers import Readers
from tests.resilience.stack import STYLE_SHEET, Release, Stack, fetch, status
from tests.resilience.texts import Medicines

#: Seconds of undisturbed reading before and after a fault.
CALM = 1.0
#: The longest that a reader may wait while a release replaces another, in seconds.
LONGEST_STALL = 2.0


def warm(stack: Stack, medicines: Medicines) -> None:
    """Let both caches have every page."""
    for node in stack.nodes:
        for path in medicines.paths:
            assert status(node, path) in {200, 410}


def _read_during(
    fault: str, stack: Stack, medicines: Medicines, scale: Scale, disturb: Callable[[], float]
) -> Outcome:
    """Let people read while ``disturb`` works; it returns the seconds until all was well again."""
    warm(stack, medicines)
    with Readers([stack.front, *stack.nodes], medicines.paths, scale.readers) as readers:
        time.sleep(CALM)
        recovered = disturb()
        time.sleep(CALM)
    return outcome_of(fault, readers, recovered, medicines)


def database_away(stack: Stack, medicines: Medicines, scale: Scale) -> Outcome:
    """The database refuses connections for a while."""
    return _without_database(stack, medicines, scale, GateState.CLOSED, scale.seconds, "database away")


def database_restarted(stack: Stack, medicines: Medicines, scale: Scale) -> Outcome:
    """All connections to the database end, and it is there again after a second."""
    return _without_database(stack, medicines, scale, GateState.CLOSED, 1.0, "database restarted")


def database_hangs(stack: Stack, medicines: Medicines, scale: Scale) -> Outcome:
    """The database accepts connections and answers nothing."""
    return _without_database(stack, medicines, scale, GateState.HANGING, scale.seconds, "database hangs")


def _without_database(
    stack: Stack, medicines: Medicines, scale: Scale, state: GateState, seconds: float, what: str
) -> Outcome:
    # Without a database nobody finds the purges that are to be sent a second time; the gate is not in our way
    wait_for(lambda: not waiting().exists())
    CachePurge.objects.all().delete()

    def disturb() -> float:
        stack.gate.set(state)
        time.sleep(seconds)
        stack.gate.set(GateState.OPEN)
        return wait_for(lambda: all(status(port, medicines.paths[0]) == 200 for port in stack.services))

    return _read_during(f"{what}, {seconds:.0f} s", stack, medicines, scale, disturb)


def service_killed(stack: Stack, medicines: Medicines, scale: Scale) -> Outcome:
    """Both web processes are killed, and started again after a while."""

    def disturb() -> float:
        for release in stack.releases:
            end_with_workers(release)
        time.sleep(scale.seconds)
        began = time.perf_counter()
        for release in stack.releases:
            release.start()
        return time.perf_counter() - began

    return _read_during(f"both processes killed, {scale.seconds:.0f} s", stack, medicines, scale, disturb)


def end_with_workers(release: Release) -> None:
    """Kill a web process; its workers end when they see that it is gone."""
    release.stop(signal.SIGKILL)
    wait_for(lambda: status(release.port, "/healthz") == 0, 60)


def rolling_restart(stack: Stack, medicines: Medicines, scale: Scale) -> tuple[Outcome, Outcome]:
    """One process after the other is replaced by one of the next release.

    Returns the reads of pages through caches and without them, and of the style sheets that they link to.
    """
    styles: list[tuple[str, int]] = []
    done = threading.Event()
    old = style_sheet_of(stack.front, medicines.paths[0])

    def read_styles() -> None:
        while not done.wait(0.1):
            for port in (stack.front, stack.internal):
                linked = style_sheet_of(port, medicines.paths[0])
                styles.extend((name, status(stack.front, name)) for name in {linked, old})

    def disturb() -> float:
        checker = threading.Thread(target=read_styles)
        checker.start()
        began = time.perf_counter()
        for release in stack.releases:
            release.stop()
            # Another style sheet, and something that makes its pages others to caches
            release.env["STATIC_ROOT"] = release.env["STATIC_ROOT"].replace("first", "second")
            release.env["EMERGENCY_NUMBER"] = "112"
            release.start()
        seconds = time.perf_counter() - began
        time.sleep(CALM)
        done.set()
        checker.join()
        return seconds

    warm(stack, medicines)
    with Readers([stack.front, stack.internal], medicines.paths, scale.readers) as readers:
        time.sleep(CALM)
        seconds = disturb()
    pages = outcome_of("rolling restart", readers, seconds, medicines)
    linked = {name for name, _ in styles}
    assert len(linked - {""}) == 2, f"pages linked to {linked}, not to the style sheets of both releases"
    failed = sum(code != 200 or not name for name, code in styles)
    load = "style sheets of both releases"
    return pages, Outcome("rolling restart", load, len(styles), failed, 0.0, seconds, 0)


def style_sheet_of(port: int, path: str) -> str:
    """Return the style sheet that a page links to."""
    found = STYLE_SHEET.search(fetch(port, path)[1])
    return found[1].decode() if found else ""


def cache_node_away(stack: Stack, medicines: Medicines, scale: Scale) -> Outcome:
    """One of two caches ends; readers come through nginx."""
    warm(stack, medicines)
    with Readers([stack.front], medicines.paths, scale.readers) as readers:
        time.sleep(CALM)
        stack.node_ends[1].close()
        time.sleep(CALM * 3)
    return outcome_of("one cache ends", readers, 0.0, medicines)

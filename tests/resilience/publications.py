"""How long after its signature a text is in every cache, and what readers get meanwhile."""

import random
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection

from django.test import override_settings

from monographs.management.commands.publish_scheduled import WATCH_SECONDS
from monographs.public.shared_cache import nodes
from monographs.public.shared_cache.lifetime import WITHDRAWN_BOUND_SECONDS
from monographs.public.shared_cache.purge_outbox import send_soon, waiting
from monographs.public.shared_cache.surrogate_keys import SITE
from tests.concurrency import wait_for
from tests.deployment.proxies import HOST
from tests.deployment.test_container import START_SECONDS
from tests.resilience.faults import warm
from tests.resilience.outcome import Outcome, editions_lost
from tests.resilience.readers import Readers
from tests.resilience.stack import Stack
from tests.resilience.texts import Medicines

#: An address where nothing listens: every purge is lost.
NOWHERE = "http://127.0.0.1:9"
#: Fewer answers would say little of what readers get.
LEAST_READS = 100


def seconds_until_public(
    stack: Stack, medicines: Medicines, times: int, *, once_purged: bool = False
) -> list[float]:
    """Sign editions one after another; return for each the seconds until both caches show it.

    With ``once_purged`` nobody asks before the caches have taken the purge.
    """
    warm(stack, medicines)
    found = []
    for number in range(times):
        which = number % len(medicines.documents)
        path = medicines.documents[which].path
        edition = medicines.sign(which)
        if once_purged:
            wait_for(lambda: not waiting().exists())
        found.append(_wait(stack, path, lambda answer, wanted=edition: answer == (200, wanted)))
    return found


def seconds_until_gone(stack: Stack, medicines: Medicines, numbers: range) -> list[float]:
    """Withdraw medicines one after another; return for each the seconds until both caches say so."""
    warm(stack, medicines)
    found = []
    for number in numbers:
        medicines.withdraw(number)
        path = medicines.documents[number].path
        found.append(_wait(stack, path, lambda answer: answer[0] == 410))
    return found


def _wait(stack: Stack, path: str, is_there: Callable[[tuple[int, int]], bool]) -> float:
    """Return after how many seconds the last reader asked who got the old text; 0 if nobody did.

    How long an answer takes on a busy machine is not part of it.
    """
    start, last = time.perf_counter(), 0.0

    def is_shown(node: int) -> bool:
        nonlocal last
        asked = time.perf_counter() - start
        shown = is_there(edition_at(node, path))
        last = last if shown else max(last, asked)
        return shown

    for node in stack.nodes:
        wait_for(lambda node=node: is_shown(node), every=0.005)
    return last


def edition_at(port: int, path: str) -> tuple[int, int]:
    """Return the status and the number of the edition at a path, 0 without one."""
    client = HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
    client.request("GET", path, headers={"Host": HOST, "X-Forwarded-Proto": "https"})
    response = client.getresponse()
    response.read()
    client.close()
    named = re.search(r"/(\d+)$", response.headers.get("X-Edition") or "")
    return response.status, int(named[1]) if named else 0


@dataclass(frozen=True, slots=True)
class Freshness:
    """What many readers got while texts were published and withdrawn."""

    outcome: Outcome
    mixed: int
    oldest: float
    withdrawn_for: float


def read_while_publishing(
    stack: Stack, medicines: Medicines, *, readers: int, editions: int, withdrawals: int
) -> Freshness:
    """Let people read while ``editions`` are published and ``withdrawals`` signed, and judge each answer."""
    chance = random.Random(1)  # noqa: S311  # repeatable
    warm(stack, medicines)
    with Readers(stack.nodes, medicines.paths, readers, pause=1.0) as reading:
        time.sleep(1)
        left = list(range(len(medicines.documents)))
        every = max(editions // withdrawals, 1)
        for number in range(editions):
            medicines.sign(chance.choice(left))
            if number % every == every - 1:
                medicines.withdraw(left.pop(chance.randrange(len(left))))
        time.sleep(WITHDRAWN_BOUND_SECONDS + 1)
        wait_for(lambda: len(reading.reads) > LEAST_READS)
    ages = [
        (medicines.age_of(read.path, read.edition, read.began), read)
        for read in reading.reads
        if read.status == 200
    ]
    withdrawn = [
        read.began - medicines.withdrawn[read.path]
        for _, read in ages
        if read.began > medicines.withdrawn.get(read.path, read.began)
    ]
    outcome = Outcome(
        f"{editions} editions, {withdrawals} withdrawals",
        f"{readers} readers",
        len(reading.reads),
        len(reading.failures),
        reading.slowest,
        0.0,
        editions_lost(medicines),
    )
    mixed = sum(not read.is_whole for read in reading.reads)
    return Freshness(outcome, mixed, max(age for age, _ in ages), max(withdrawn, default=0.0))


@contextmanager
def purging(urls: list[str]) -> Iterator[None]:
    """Send purges to ``urls`` within a block, and again as ``publish_scheduled --watch`` does."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(WATCH_SECONDS):
            send_soon()

    with override_settings(CACHE_PURGE_URLS=urls):
        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()


def empty(stack: Stack) -> None:
    """Empty the caches of pages."""
    for url in stack.purge_urls:
        assert nodes.purge(url, [SITE], START_SECONDS) == ""

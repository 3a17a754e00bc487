"""Transactions on several connections at once."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from monographs.core.locks import PAGE_LOCKS
from monographs.editions.triggers import LEDGER_LOCK

#: Seconds after which a test gives up.
SECONDS = 30
#: Seconds in which a thread that waits for nothing has ended, and none that waits for a lock.
MOMENT = 0.4


@contextmanager
def elsewhere() -> Iterator[Callable[..., Future[Any]]]:
    """Run functions in other threads, each with a connection of its own."""
    with ThreadPoolExecutor() as pool:

        def run(function: Callable[..., Any], *args: Any) -> Any:
            try:
                return function(*args)
            finally:
                connection.close()

        yield lambda function, *args: pool.submit(run, function, *args)


@contextmanager
def held(act: Callable[[], Any]) -> Iterator[None]:
    """Keep the transaction in which ``act`` was called open on another connection until the context ends."""
    acted, released = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            act()
            acted.set()
            released.wait(30)

    with elsewhere() as run:
        holding = run(hold)
        try:
            assert acted.wait(30)
            yield
        finally:
            released.set()
            holding.result(30)


def waits(attempt: Future[Any]) -> bool:
    """Return whether ``attempt`` has not ended after a moment."""
    return not wait([attempt], timeout=MOMENT).done


def waits_for_ledger(attempt: Future[Any]) -> bool:
    """Wait until ``attempt`` waits for the ledger, however slow the machine is; False if it ended instead."""
    return _waits_for(attempt, "(classid::bigint << 32) | objid::bigint = %s", LEDGER_LOCK)


def waits_for_page(attempt: Future[Any]) -> bool:
    """Wait until ``attempt`` waits for the lock of a page; False if it ended instead."""
    return _waits_for(attempt, "objsubid = 2 AND classid = %s", PAGE_LOCKS)


def _waits_for(attempt: Future[Any], lock: str, number: int) -> bool:
    places = f"{lock} AND locktype = 'advisory' AND NOT granted "
    places += "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    for _ in range(SECONDS * 20):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM pg_locks WHERE {places}", [number])  # noqa: S608
            if cursor.fetchone()[0]:
                return True
        if wait([attempt], timeout=0.05).done:
            return False
    return False

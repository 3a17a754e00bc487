"""Transactions on several connections at once."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from monographs.core.locks import PAGE_LOCKS
from monographs.editions.triggers import LEDGER_LOCK

#: Seconds after which a test gives up, however busy the machine is.
SECONDS = 120
#: How many connections of this database wait for a lock of another transaction.
_WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND backend_type = 'client backend' AND wait_event_type = 'Lock'"
)
#: How many of them wait for an advisory lock; what follows says for which one.
_WAITING_FOR = (
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND "
)
_WAITING_FOR_LEDGER = _WAITING_FOR + "(classid::bigint << 32) | objid::bigint = %s"
_WAITING_FOR_PAGE = _WAITING_FOR + "objsubid = 2 AND classid = %s"


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
            assert released.wait(SECONDS)

    with elsewhere() as run:
        holding = run(hold)
        try:
            assert acted.wait(SECONDS)
            yield
        finally:
            released.set()
            holding.result(SECONDS)


def waits(attempt: Future[Any]) -> bool:
    """Wait until ``attempt`` waits for a lock, however slow the machine is; False if it ended instead."""
    return _waits(attempt, _WAITING, [])


def waits_for_ledger(attempt: Future[Any]) -> bool:
    """Wait until ``attempt`` waits for the ledger, however slow the machine is; False if it ended instead."""
    return _waits(attempt, _WAITING_FOR_LEDGER, [LEDGER_LOCK])


def waits_for_page(attempt: Future[Any]) -> bool:
    """Wait until ``attempt`` waits for the lock of a page; False if it ended instead."""
    return _waits(attempt, _WAITING_FOR_PAGE, [PAGE_LOCKS])


def _waits(attempt: Future[Any], query: str, parameters: list[int]) -> bool:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees its first look again
            cursor.execute(query, parameters)
            if cursor.fetchone()[0]:
                return True
        if wait([attempt], timeout=0.05).done:
            return False
    return False

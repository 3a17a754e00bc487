"""Transactions on several connections at once."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

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

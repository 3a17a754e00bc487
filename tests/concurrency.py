"""Changes by another connection in the middle of a request, and facts that take a while."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def meanwhile(table: str, change: Callable[[], Any]) -> Iterator[None]:
    """Call ``change`` on another connection just before the first query that names ``table``.

    Raises ``AssertionError`` if no query names it.
    """
    done = False

    def change_elsewhere() -> None:
        try:
            change()
        finally:
            connection.close()

    def intercept(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        nonlocal done
        if table in sql and not done:
            done = True
            with ThreadPoolExecutor() as others:
                others.submit(change_elsewhere).result()
        return execute(sql, *rest)

    with connection.execute_wrapper(intercept):
        yield
    assert done, f"{table} was not read"


def wait_for(fact: Callable[[], bool], seconds: float = 60, *, every: float = 0.02) -> float:
    """Wait until something is so; return the seconds it took."""
    began = time.perf_counter()
    while not fact():
        assert time.perf_counter() - began < seconds, f"it was not so for {seconds} s"
        time.sleep(every)
    return time.perf_counter() - began

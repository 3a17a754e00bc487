"""What somebody else does between two questions of a reader."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def meanwhile(table: str, deed: Callable[[], Any]) -> Iterator[None]:
    """Just before ``table`` is read for the first time, ``deed`` is done and committed by another process.

    Raises ``AssertionError`` if the table was never read.
    """
    done = False

    def elsewhere() -> None:
        try:
            deed()
        finally:
            connection.close()

    def ask(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        nonlocal done
        if table in sql and not done:
            done = True
            with ThreadPoolExecutor() as others:
                others.submit(elsewhere).result()
        return execute(sql, *rest)

    with connection.execute_wrapper(ask):
        yield
    assert done, f"{table} was not read"

"""The ledger's entries of one transaction, stored together at its end.

Its table's trigger locks the ledger until the transaction ends, so whatever follows the first entry keeps all
other pages waiting. Entries that wait for the end of the transaction keep them waiting for their own
statement and the commit only.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from django.db import connection, transaction

from monographs.editions.models import LedgerEntry


class _Waiting(threading.local):
    """The entries of this thread's transaction, and what must be checked once they are stored."""

    open = False
    entries: list[Callable[[], LedgerEntry]]
    checks: list[Callable[[], None]]
    named: set[str]


_waiting = _Waiting()


@contextmanager
def ledger_at_the_end() -> Iterator[None]:
    """Store the entries that the block appends when it ends, in their order; then make its checks.

    Only within a transaction, whose last act the block should be. A block within another one leaves it to
    that. Raises what a check raises.
    """
    if _waiting.open:
        yield
        return
    if not connection.in_atomic_block:
        raise RuntimeError("the entries are stored in the transaction around the block: there must be one")
    _waiting.open, _waiting.entries, _waiting.checks, _waiting.named = True, [], [], set()
    try:
        yield
        write_waiting()
        for check in _waiting.checks:
            check()
    finally:
        _forget(_waiting.entries)
        _waiting.open = False


def with_the_ledger_locked(check: Callable[[], None], *, once: str = "") -> None:
    """Call ``check`` once the entries appended before it are stored, so that no other transaction can commit
    an entry between the check and this one's commit.

    Of checks with the same name ``once`` the first one is called only.
    """
    if _waiting.open:
        if once not in _waiting.named:
            _waiting.checks.append(check)
            _waiting.named |= {once} - {""}
    else:
        check()


def add_waiting(entry: LedgerEntry) -> bool:
    """Let ``entry`` wait for the end of the block; False outside one, where it must be stored at once."""
    if _waiting.open:
        # Django drops what was to happen after the commit if a savepoint before it is rolled back: by this
        # mark an entry about something that was undone is dropped, too
        mark = partial(_itself, entry)
        transaction.on_commit(mark)
        _waiting.entries.append(mark)
    return _waiting.open


def is_ledger_waiting() -> bool:
    """Whether a block of ``ledger_at_the_end`` is open in this thread."""
    return _waiting.open


def waiting_entries() -> list[LedgerEntry]:
    """The entries that wait, in order; who would read them in the ledger calls ``write_waiting`` first."""
    return [mark() for mark in _waiting.entries] if _waiting.open else []


def write_waiting() -> None:
    """Store the entries that wait, in one statement."""
    if _waiting.open and _waiting.entries:
        marks = _waiting.entries
        _waiting.entries = []
        standing = {id(item[1]) for item in connection.run_on_commit}
        LedgerEntry.objects.bulk_create(mark() for mark in marks if id(mark) in standing)
        _forget(marks)


def _forget(marks: list[Callable[[], LedgerEntry]]) -> None:
    known = {id(mark) for mark in marks}
    connection.run_on_commit = [item for item in connection.run_on_commit if id(item[1]) not in known]


def _itself(entry: LedgerEntry) -> LedgerEntry:
    return entry

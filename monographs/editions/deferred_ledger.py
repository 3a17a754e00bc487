"""The ledger entries of one transaction, deferred to its end and stored together.

A trigger of the ledger's table locks the ledger until the transaction ends, so everything after the first
entry blocks transactions on all other pages. Deferred entries block them during their own statement and the
commit only.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from django.db import connection, transaction

from monographs.editions.models import LedgerEntry


class _Deferred(threading.local):
    """The entries of this thread's transaction, and the checks to run once they are stored."""

    open = False
    entries: list[Callable[[], LedgerEntry]]
    checks: list[Callable[[], None]]
    named: set[str]


_deferred = _Deferred()


@contextmanager
def deferred_ledger() -> Iterator[None]:
    """Store the entries that the block appends when it ends, in order; then run the deferred checks.

    It needs a transaction, of which the block should be the last part. In a nested block, the outer one
    stores the entries. Raises what a check raises.
    """
    if _deferred.open:
        yield
        return
    if not connection.in_atomic_block:
        raise RuntimeError("the entries are stored in the transaction around the block: there must be one")
    _deferred.open, _deferred.entries, _deferred.checks, _deferred.named = True, [], [], set()
    try:
        yield
        write_deferred()
        for check in _deferred.checks:
            check()
    finally:
        _forget(_deferred.entries)
        _deferred.open = False


def check_with_ledger_locked(check: Callable[[], None], *, once: str = "") -> None:
    """Call ``check`` once the entries appended before it are stored, which locks the ledger.

    No other transaction can commit an entry between the check and the commit of this one. Of several checks
    with the same name ``once``, only the first is called.
    """
    if _deferred.open:
        if once not in _deferred.named:
            _deferred.checks.append(check)
            _deferred.named |= {once} - {""}
    else:
        check()


def defer_entry(entry: LedgerEntry) -> bool:
    """Defer ``entry`` to the end of the block; return False outside one, where it must be stored at once."""
    if _deferred.open:
        # Django drops what was to happen after the commit if a savepoint before it is rolled back: by this
        # mark an entry about something that was undone is dropped, too
        mark = partial(_itself, entry)
        transaction.on_commit(mark)
        _deferred.entries.append(mark)
    return _deferred.open


def is_ledger_deferred() -> bool:
    """Return whether a block of ``deferred_ledger`` is open in this thread."""
    return _deferred.open


def deferred_entries() -> list[LedgerEntry]:
    """Return the deferred entries in order. To read them from the ledger, call ``write_deferred`` first."""
    return [mark() for mark in _deferred.entries] if _deferred.open else []


def write_deferred() -> None:
    """Store the deferred entries, in one statement."""
    if _deferred.open and _deferred.entries:
        marks = _deferred.entries
        _deferred.entries = []
        standing = {id(item[1]) for item in connection.run_on_commit}
        LedgerEntry.objects.bulk_create(mark() for mark in marks if id(mark) in standing)
        _forget(marks)


def _forget(marks: list[Callable[[], LedgerEntry]]) -> None:
    known = {id(mark) for mark in marks}
    connection.run_on_commit = [item for item in connection.run_on_commit if id(item[1]) not in known]


def _itself(entry: LedgerEntry) -> LedgerEntry:
    return entry

"""Keeps the in-memory name index of this process in step with the ledger.

Each query for public pages also asks for the last ledger entry, and whether a publication was set after the
entry this process has read up to. If so, the names of the affected pages are fetched and the query is run
again. There is no timer, no message between processes and nothing to invalidate.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar

from monographs.editions.repeatable_read import repeatable_read
from monographs.public.db import fetch_row
from monographs.public.search import search_queries
from monographs.public.search.name_index import IndexedPage, LedgerPosition, NameIndex
from monographs.public.search.text import SEARCHABLE_KINDS

#: How often a query is repeated while publications are set faster than names are fetched.
MAX_ATTEMPTS = 4

#: The result of ``search_queries.LEDGER_STATE``; None for an empty ledger.
LedgerState = Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class IndexSnapshot:
    """The name index as of a position in the ledger."""

    index: NameIndex = field(default_factory=NameIndex)
    position: LedgerPosition = field(default_factory=LedgerPosition)

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters of ``search_queries.LEDGER_STATE``."""
        return {"seq": self.position.seq, "hash": self.position.hash}

    def is_stale(self, ledger_state: LedgerState) -> bool:
        """Whether a publication was set after this snapshot."""
        return bool(ledger_state["stale"]) if ledger_state else self.position != LedgerPosition()


class _IndexCache:
    def __init__(self) -> None:
        self.snapshot = IndexSnapshot()
        self._lock = Lock()

    def advance(self, snapshot: IndexSnapshot, ledger_state: LedgerState) -> None:
        """Move the position of ``snapshot`` forward: no publication was set up to ``ledger_state``."""
        if ledger_state and ledger_state["seq"] > snapshot.position.seq and self.snapshot is snapshot:
            position = LedgerPosition(ledger_state["seq"], ledger_state["hash"])
            self.snapshot = IndexSnapshot(snapshot.index, position)

    def update(self, snapshot: IndexSnapshot) -> None:
        """Fetch the pages whose publication was set after ``snapshot``, unless another thread has done so."""
        with self._lock:
            if self.snapshot is not snapshot:
                return
            changes = fetch_row(
                search_queries.CHANGES, {**snapshot.parameters, "kinds": list(SEARCHABLE_KINDS)}
            )
            before = snapshot.index if changes["known"] else NameIndex()
            changed = map(str, changes["changed_keys"] or ())
            index = before.with_changes(changed, map(IndexedPage.from_row, changes["pages"] or ()))
            position = LedgerPosition(changes["seq"], changes["hash"]) if changes["seq"] else LedgerPosition()
            self.snapshot = IndexSnapshot(index, position)


_cache = _IndexCache()
Result = TypeVar("Result")


def load_index() -> None:
    """Read the names before the first request, which would wait for seconds where there are many."""
    _cache.update(_cache.snapshot)


def fetch_with_index(
    run_query: Callable[[IndexSnapshot], tuple[Result, LedgerState]],
) -> tuple[Result, IndexSnapshot]:
    """Return the result of ``run_query`` and the index snapshot that matches it.

    ``run_query`` runs once if no publication was set since the last query.
    """
    for _ in range(MAX_ATTEMPTS):
        snapshot = _cache.snapshot
        result, ledger_state = run_query(snapshot)
        if not snapshot.is_stale(ledger_state):
            _cache.advance(snapshot, ledger_state)
            return result, snapshot
        _cache.update(snapshot)
    with repeatable_read():
        _cache.update(_cache.snapshot)
        return run_query(_cache.snapshot)[0], _cache.snapshot

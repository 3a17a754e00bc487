"""The index of names in this process's memory, and how it follows the ledger.

Whoever asks the database for what is public says in the same question how far this process has read the
ledger, and hears whether anything was flipped since. If so the names of those pages are fetched, and the
question asked anew. No clock, no signal between processes, nothing to invalidate.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar

from monographs.editions.repeatable_read import repeatable_read
from monographs.public.db import only_row
from monographs.public.search import search_queries
from monographs.public.search.name_index import IndexedPage, LedgerPosition, NameIndex
from monographs.public.search.text import FINDABLE

#: How often a question is asked while pages are flipped faster than names are fetched.
ATTEMPTS = 4

#: What ``search_queries.STANDING`` says.
Standing = Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class IndexSnapshot:
    """The names of a place in the ledger."""

    index: NameIndex = field(default_factory=NameIndex)
    position: LedgerPosition = field(default_factory=LedgerPosition)

    @property
    def parameters(self) -> dict[str, Any]:
        """What ``search_queries.STANDING`` is asked with."""
        return {"seq": self.position.seq, "hash": self.position.hash}

    def stale(self, standing: Standing) -> bool:
        """Whether pages were flipped since."""
        return bool(standing["stale"]) if standing else self.position != LedgerPosition()


class _IndexFollower:
    def __init__(self) -> None:
        self.known = IndexSnapshot()
        self._lock = Lock()

    def advance(self, known: IndexSnapshot, standing: Standing) -> None:
        """Nothing was flipped up to ``standing``: next time ask from there."""
        if standing and standing["seq"] > known.position.seq and self.known is known:
            self.known = IndexSnapshot(known.index, LedgerPosition(standing["seq"], standing["hash"]))

    def catch_up(self, known: IndexSnapshot) -> None:
        """Fetch what was flipped since ``known``, unless another thread has."""
        with self._lock:
            if self.known is not known:
                return
            found = only_row(search_queries.CHANGES, {**known.parameters, "kinds": list(FINDABLE)})
            pages = dict(known.index.pages) if found["still"] else {}
            for key in found["flipped"] or ():
                pages.pop(str(key), None)
            pages.update((row["key"], IndexedPage.from_row(row)) for row in found["pages"] or ())
            at = LedgerPosition(found["seq"], found["hash"]) if found["seq"] else LedgerPosition()
            self.known = IndexSnapshot(NameIndex(pages), at)


_follower = _IndexFollower()
Answer = TypeVar("Answer")


def fetch_with_index(ask: Callable[[IndexSnapshot], tuple[Answer, Standing]]) -> tuple[Answer, IndexSnapshot]:
    """``ask`` with names of the same moment as its answer.

    One question when nothing was flipped since the last one.
    """
    for _ in range(ATTEMPTS):
        known = _follower.known
        answer, standing = ask(known)
        if not known.stale(standing):
            _follower.advance(known, standing)
            return answer, known
        _follower.catch_up(known)
    with repeatable_read():
        _follower.catch_up(_follower.known)
        return ask(_follower.known)[0], _follower.known

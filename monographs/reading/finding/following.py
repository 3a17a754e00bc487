"""The index of names in this process's memory, and how it follows the ledger.

Whoever asks the database for what is public says in the same question how far this process has read the
ledger, and hears whether anything was flipped since. If so the names of those pages are fetched, and the
question asked anew. No clock, no signal between processes, nothing to invalidate.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar

from monographs.editions.snapshot import one_moment
from monographs.reading.finding import sql
from monographs.reading.finding.index import NameIndex, Page, Position
from monographs.reading.finding.words import FINDABLE
from monographs.reading.rows import only_row

#: How often a question is asked while pages are flipped faster than names are fetched.
ATTEMPTS = 4

#: What ``sql.STANDING`` says.
Standing = Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Known:
    """The names of a place in the ledger."""

    index: NameIndex = field(default_factory=NameIndex)
    position: Position = field(default_factory=Position)

    @property
    def parameters(self) -> dict[str, Any]:
        """What ``sql.STANDING`` is asked with."""
        return {"seq": self.position.seq, "hash": self.position.hash}

    def stale(self, standing: Standing) -> bool:
        """Whether pages were flipped since."""
        return bool(standing["stale"]) if standing else self.position != Position()


class _Follower:
    def __init__(self) -> None:
        self.known = Known()
        self._lock = Lock()

    def advance(self, known: Known, standing: Standing) -> None:
        """Nothing was flipped up to ``standing``: next time ask from there."""
        if standing and standing["seq"] > known.position.seq and self.known is known:
            self.known = Known(known.index, Position(standing["seq"], standing["hash"]))

    def catch_up(self, known: Known) -> None:
        """Fetch what was flipped since ``known``, unless another thread has."""
        with self._lock:
            if self.known is not known:
                return
            found = only_row(sql.CHANGES, {**known.parameters, "kinds": list(FINDABLE)})
            pages = dict(known.index.pages) if found["still"] else {}
            for key in found["flipped"] or ():
                pages.pop(str(key), None)
            pages.update((row["key"], Page.from_row(row)) for row in found["pages"] or ())
            at = Position(found["seq"], found["hash"]) if found["seq"] else Position()
            self.known = Known(NameIndex(pages), at)


_follower = _Follower()
Answer = TypeVar("Answer")


def settled(ask: Callable[[Known], tuple[Answer, Standing]]) -> tuple[Answer, Known]:
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
    with one_moment():
        _follower.catch_up(_follower.known)
        return ask(_follower.known)[0], _follower.known

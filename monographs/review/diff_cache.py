"""What changed in a submission, in a line, kept so that a list of many need not compare texts again.

Both texts are named by their hashes, so a line never grows old. Each process keeps its own: what is lost
with it costs one comparison.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple

from monographs.document import parse_document
from monographs.editions.models import Edition
from monographs.redline import Flag, redline
from monographs.review.models import Submission
from monographs.review.progress import sections_to_read

#: How many a process keeps, about 2 kB each: several times what is ever in review at once.
KEPT = 2048


@dataclass(frozen=True, slots=True)
class DiffSummary:
    """A redline in short. ``to_read`` pairs each section a signer must have read with its digest."""

    summary: str
    flags: tuple[Flag, ...]
    to_read: frozenset[tuple[str, str]]


class SubmissionPair(NamedTuple):
    """A submission and the edition it would follow (None for a first one), each by row and hash."""

    submission: int
    sha256: str
    edition: int | None = None
    edition_sha256: str = ""

    @property
    def hashes(self) -> tuple[str, str]:
        """What the gist depends on, and nothing else."""
        return self.edition_sha256, self.sha256


class _SummaryCache:
    """The gists used last, shared by the threads of a process."""

    def __init__(self) -> None:
        self._gists: OrderedDict[tuple[str, str], DiffSummary] = OrderedDict()
        self._lock = Lock()

    def get(self, hashes: tuple[str, str]) -> DiffSummary | None:
        with self._lock:
            if hashes in self._gists:
                self._gists.move_to_end(hashes)
            return self._gists.get(hashes)

    def put(self, hashes: tuple[str, str], gist: DiffSummary) -> None:
        with self._lock:
            self._gists[hashes] = gist
            while len(self._gists) > KEPT:
                self._gists.popitem(last=False)

    def forget(self) -> None:
        with self._lock:
            self._gists.clear()


_KEPT = _SummaryCache()


def diff_summaries(pairs: Sequence[SubmissionPair]) -> dict[int, DiffSummary]:
    """The gist of each pair, by submission. Texts are read only where it is not kept yet: two queries."""
    found = {pair: _KEPT.get(pair.hashes) for pair in pairs}
    missing = [pair for pair, gist in found.items() if gist is None]
    texts = dict(_texts(Submission, [pair.submission for pair in missing]))
    before = dict(_texts(Edition, [pair.edition for pair in missing if pair.edition]))
    for pair in missing:
        found[pair] = gist = _gist(before[pair.edition] if pair.edition else None, texts[pair.submission])
        _KEPT.put(pair.hashes, gist)
    return {pair.submission: gist for pair, gist in found.items() if gist is not None}


def clear_diff_cache() -> None:
    """Start anew, as a new process does: for measuring."""
    _KEPT.forget()


def _texts(model: type[Submission] | type[Edition], keys: list[int]) -> list[tuple[int, str]]:
    return list(model.objects.filter(pk__in=keys).values_list("pk", "canonical")) if keys else []


def _gist(old: str | None, new: str) -> DiffSummary:
    said = redline(parse_document(old) if old else None, parse_document(new))
    return DiffSummary(
        said.summary(), said.flags, frozenset((part.anchor, part.digest) for part in sections_to_read(said))
    )

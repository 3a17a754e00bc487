"""A cache of diff summaries, so that a list of submissions need not compare their texts again.

The cache key is the pair of the texts' hashes, so an entry never becomes stale. It is per process: a new
process compares each pair once.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple

from monographs.document import parse_document
from monographs.document.versions.stored_document import UnknownVersion
from monographs.editions.models import Edition
from monographs.redline import redline
from monographs.review.models import Submission
from monographs.review.progress import sections_to_read

#: Entries in the cache, about 2 kB each: several times what is ever in review at once.
MAX_ENTRIES = 2048


@dataclass(frozen=True, slots=True)
class DiffSummary:
    """The summary of a redline. ``to_read`` pairs each section a signer must have read with its digest."""

    summary: str
    to_read: frozenset[tuple[str, str]]


class SubmissionPair(NamedTuple):
    """A submission and the edition before it (None for a first one), each by primary key and hash."""

    submission: int
    sha256: str
    edition: int | None = None
    edition_sha256: str = ""

    @property
    def hashes(self) -> tuple[str, str]:
        """The cache key: all that the summary depends on."""
        return self.edition_sha256, self.sha256


class _SummaryCache:
    """A least-recently-used cache, shared by the threads of a process."""

    def __init__(self) -> None:
        self._entries: OrderedDict[tuple[str, str], DiffSummary] = OrderedDict()
        self._lock = Lock()

    def get(self, hashes: tuple[str, str]) -> DiffSummary | None:
        with self._lock:
            if hashes in self._entries:
                self._entries.move_to_end(hashes)
            return self._entries.get(hashes)

    def put(self, hashes: tuple[str, str], summary: DiffSummary) -> None:
        with self._lock:
            self._entries[hashes] = summary
            while len(self._entries) > MAX_ENTRIES:
                self._entries.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()


_CACHE = _SummaryCache()


def diff_summaries(pairs: Sequence[SubmissionPair]) -> dict[int, DiffSummary]:
    """Return the diff summary of each pair by the primary key of its submission.

    Two queries for the texts of the pairs that are not cached yet; none when all are.
    """
    found = {pair: _CACHE.get(pair.hashes) for pair in pairs}
    missing = [pair for pair, summary in found.items() if summary is None]
    texts = dict(_texts(Submission, [pair.submission for pair in missing]))
    before = dict(_texts(Edition, [pair.edition for pair in missing if pair.edition]))
    for pair in missing:
        try:
            summary = _summarize(before[pair.edition] if pair.edition else None, texts[pair.submission])
        except UnknownVersion:  # while a newer release replaces this one; the row stays in the list
            found[pair] = DiffSummary(
                "Submitted in a newer release: reload this page in a minute.", frozenset()
            )
            continue
        found[pair] = summary
        _CACHE.put(pair.hashes, summary)
    return {pair.submission: summary for pair, summary in found.items() if summary is not None}


def clear_diff_cache() -> None:
    """Empty the cache; for tests and benchmarks."""
    _CACHE.clear()


def _texts(model: type[Submission] | type[Edition], keys: list[int]) -> list[tuple[int, str]]:
    return list(model.objects.filter(pk__in=keys).values_list("pk", "canonical")) if keys else []


def _summarize(old: str | None, new: str) -> DiffSummary:
    compared = redline(parse_document(old) if old else None, parse_document(new))
    to_read = frozenset((section.anchor, section.digest) for section in sections_to_read(compared))
    return DiffSummary(compared.summary(), to_read)

"""Names of pages in order, and how they are found: by beginning, by a part, by sound."""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice, takewhile
from operator import attrgetter
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from monographs.public.name_sort import LETTERS, OTHER
from monographs.public.search.indexed_name import IndexedName

#: Minimum similarity by sound, and maximum number, of the candidates that are compared in full.
MIN_CANDIDATE_SIMILARITY, MAX_CANDIDATES = 0.45, 60
#: Lengths of a beginning for which names are kept grouped: a few megabytes each at 50,000 medicines.
MAX_LENGTHS = 5
_place, _normalised = attrgetter("place"), attrgetter("normalised")


@dataclass(frozen=True)
class SortedNames:
    """Names in order of ``place``, and their sounds in the same order, for fast comparison. Immutable."""

    names: list[IndexedName] = field(default_factory=list)
    sounds: list[str] = field(default_factory=list)

    def edited(self, removed: Sequence[IndexedName], added: Sequence[IndexedName]) -> "SortedNames":
        """Return the names without ``removed``, which must be among them, and with ``added``.

        They are copied in pieces between the changes, so that 200,000 names take milliseconds.
        """
        if not removed and not added:
            return self
        if not self.names:
            return self._of(sorted(added, key=_place))
        edits = [(self._position(name), True, name) for name in removed]
        edits += [(self._position(name), False, name) for name in added]
        # What is added at a position stands before the name that is there
        edits.sort(key=lambda edit: (edit[0], edit[1], edit[2].place))

        def column(values: list[Any], value_of: Callable[[IndexedName], Any]) -> list[Any]:
            pieces: list[Any] = []
            copied = 0
            for position, is_removed, name in edits:
                pieces += values[copied:position]
                if not is_removed:
                    pieces.append(value_of(name))
                copied = position + is_removed
            return pieces + values[copied:]

        return SortedNames(
            column(self.names, lambda name: name),
            column(self.sounds, attrgetter("sound")),
        )

    @classmethod
    def _of(cls, names: list[IndexedName]) -> "SortedNames":
        # Strings created in one go are adjacent in memory, which makes comparing them four times as fast
        sounds = "\n".join(name.sound for name in names).split("\n")
        return cls(names, sounds)

    def _position(self, name: IndexedName) -> int:
        return bisect_left(self.names, name.place, key=_place)

    def exact(self, normalised: str) -> list[IndexedName]:
        """Return the names equal to ``normalised``."""
        return list(takewhile(lambda name: name.normalised == normalised, self._from(normalised)))

    def with_prefix(self, normalised: str, limit: int) -> list[IndexedName]:
        """Return the first ``limit`` names that begin with ``normalised``."""
        found = takewhile(lambda name: name.normalised.startswith(normalised), self._from(normalised))
        return list(islice(found, limit))

    def _from(self, normalised: str) -> Iterator[IndexedName]:
        position = self._start(normalised)
        while position < len(self.names):
            yield self.names[position]
            position += 1

    def _start(self, normalised: str) -> int:
        return bisect_left(self.names, normalised, key=_normalised)

    @cached_property
    def _joined(self) -> str:
        return "\n".join(map(_normalised, self.names))

    def containing(self, normalised: str, limit: int) -> list[IndexedName]:
        """Return the first ``limit`` names that contain ``normalised`` after their beginning."""
        found: list[IndexedName] = []
        joined, at = self._joined, self._joined.find(normalised)
        while at >= 0 and len(found) < limit:
            start = joined.rfind("\n", 0, at) + 1
            end = joined.find("\n", at)
            if end < 0:
                end = len(joined)
            same = self.exact(joined[start:end])
            found += same if start < at else ()
            at = joined.find(normalised, start + len(same) * (end + 1 - start))
        return found[:limit]

    def by_letter(self) -> Mapping[str, Sequence[IndexedName]]:
        """Return the names of each letter that has any."""
        ends = [self._start(letter) for letter in "abcdefghijklmnopqrstuvwxyz{"]
        letters: dict[str, list[IndexedName]] = {
            letter: self.names[start:end]
            for letter, start, end in zip(LETTERS, ends, ends[1:], strict=False)
            if start < end
        }
        if others := self.names[: ends[0]] + self.names[ends[-1] :]:
            letters[OTHER] = others
        return letters

    def sounding_like(self, sound: str) -> Iterable[tuple[IndexedName, float]]:
        """Return the names that sound most like ``sound``, with the similarity of the sounds."""
        return self._extract(sound, self.sounds)

    def beginning_like(self, sound: str) -> Iterable[tuple[IndexedName, float]]:
        """Return the names whose beginning sounds most like ``sound``, with the similarity of the sounds."""
        beginnings = self._beginnings(len(sound))
        found = process.extract(
            sound,
            list(beginnings),
            scorer=OSA.normalized_similarity,
            processor=None,
            score_cutoff=MIN_CANDIDATE_SIMILARITY,
            limit=None,
        )
        places: list[tuple[float, int]] = []
        for beginning, score, _ in found:  # the best first
            if len(places) >= MAX_CANDIDATES and -places[-1][0] > score:
                break
            places += [(-score, place) for place in beginnings[beginning]]
        return [(self.names[place], -score) for score, place in sorted(places)[:MAX_CANDIDATES]]

    def _beginnings(self, length: int) -> Mapping[str, Sequence[int]]:
        """The places of the names by the first letters of their sounds: many names begin alike."""
        found = self._cut.get(length)
        if found is None:
            grouped: dict[str, array[int]] = {}
            for place, sound in enumerate(self.sounds):
                beginning = sound[:length]
                if beginning in grouped:
                    grouped[beginning].append(place)
                else:
                    grouped[beginning] = array("I", (place,))
            if len(self._cut) >= MAX_LENGTHS:
                self._cut.clear()
            found = self._cut[length] = grouped
        return found

    @cached_property
    def _cut(self) -> dict[int, Mapping[str, Sequence[int]]]:
        return {}

    def _extract(self, sound: str, sounds: list[str]) -> Iterable[tuple[IndexedName, float]]:
        found = process.extract(
            sound,
            sounds,
            scorer=OSA.normalized_similarity,
            processor=None,
            score_cutoff=MIN_CANDIDATE_SIMILARITY,
            limit=MAX_CANDIDATES,
        )
        return [(self.names[position], score) for _, score, position in found]

"""An immutable in-memory index of all names under which public pages can be found."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from heapq import nlargest
from itertools import accumulate, islice, takewhile
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from monographs.editions.ledger import GENESIS
from monographs.public.name_sort import initial, normalise
from monographs.public.search.known_names import known_names
from monographs.public.search.phonetics import PhoneticKey, phonetic_key, similarity

#: Minimum similarity by sound, and maximum number, of the candidates that are compared in full.
MIN_CANDIDATE_SIMILARITY, MAX_CANDIDATES = 0.45, 60
#: Minimum length of a word of a longer name that is indexed by itself, and its weight beside whole names.
MIN_PART_LENGTH, PART_WEIGHT = 5, 0.93
#: What stands between the medicines of a fixed combination, and between the words of a name.
_BETWEEN_MEDICINES = re.compile(r"\s*(?:[/+,]|\s(?:and|with)\s)\s*")
_BETWEEN_WORDS = re.compile(r"[\s/+,()-]+")


class NameKind(StrEnum):
    """The role of a name for its page."""

    TITLE = "name"
    BRAND = "brand_name"
    CODE = "code"
    #: One of the medicines of a fixed combination.
    COMPONENT = "component"
    #: A name that the page does not have itself: a development code, another country's name or spelling.
    OTHER_NAME = "other_name"
    #: One word of a name that has several.
    PART = "part_of_name"


@dataclass(frozen=True, slots=True)
class IndexedPage:
    """What the index holds of a public page."""

    key: str
    kind: str
    title: str
    brand_names: tuple[str, ...] = ()
    class_key: str | None = None
    condition_keys: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    path: str = ""
    withdrawn: bool = False

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> "IndexedPage":
        """Build the page from a database row."""
        codes = row["codes"] or {}
        return cls(
            key=row["key"],
            kind=row["kind"],
            title=row["title"],
            brand_names=tuple(row["brand_names"]),
            class_key=row["class_key"],
            condition_keys=tuple(row["condition_keys"]),
            path=row["path"],
            withdrawn=row["withdrawn"],
            codes=tuple(c for c in (codes.get("atc"), codes.get("unii"), *codes.get("rxcui", ())) if c),
        )

    def names(self) -> Iterator[tuple[str, NameKind]]:
        """Yield all names of the page with their kinds."""
        yield self.title, NameKind.TITLE
        for brand in self.brand_names:
            yield brand, NameKind.BRAND
        for code in self.codes:
            yield code, NameKind.CODE
        for name in (self.title, *self.brand_names):
            components = [one for one in _BETWEEN_MEDICINES.split(name) if len(one) >= MIN_PART_LENGTH]
            if len(components) > 1 and self.kind == "monograph":
                yield from ((component, NameKind.COMPONENT) for component in components)
            words = _BETWEEN_WORDS.split(name)
            if len(words) > 1:
                yield from ((word, NameKind.PART) for word in words if len(word) >= MIN_PART_LENGTH)


@dataclass(frozen=True, slots=True, order=True)
class IndexedName:
    """One name of one page; sorts alphabetically by its normalised form."""

    normalised: str
    name: str
    key: str
    kind: NameKind = field(compare=False)


@dataclass(frozen=True, slots=True)
class SimilarName:
    """A name similar to a query, and its similarity from 0 to 1."""

    name: IndexedName
    similarity: float


@dataclass(frozen=True, slots=True)
class LedgerPosition:
    """The sequence number of a ledger entry, and its hash, which distinguishes ledgers."""

    seq: int = 0
    hash: str = GENESIS


@dataclass(frozen=True)
class NameIndex:
    """The names of all pages that were public at one position in the ledger."""

    pages: Mapping[str, IndexedPage] = field(default_factory=dict)

    @cached_property
    def names(self) -> tuple[IndexedName, ...]:
        """All names, sorted."""
        found = (
            IndexedName(normalised, name, page.key, kind)
            for page in self.pages.values()
            for name, kind in page.names()
            if (normalised := normalise(name))
        )
        return tuple(sorted(found))

    @cached_property
    def _normalised(self) -> list[str]:
        return [name.normalised for name in self.names]

    @cached_property
    def _joined(self) -> tuple[str, list[int]]:
        """All normalised names joined into one string, and the offset of each."""
        starts = accumulate((len(normalised) + 1 for normalised in self._normalised), initial=0)
        return "\n".join(self._normalised), list(starts)[:-1]

    @cached_property
    def _fuzzy(self) -> tuple[list[IndexedName], list[PhoneticKey], list[str]]:
        """Names for fuzzy matching, with their phonetic keys and sounds. Codes only match exactly."""
        names = [name for name in self.names if name.kind is not NameKind.CODE]
        keys = [phonetic_key(name.normalised) for name in names]
        # Strings created in one go are adjacent in memory, which makes comparing them four times as fast
        sounds = "\n".join(key.sound for key in keys).split("\n") if keys else []
        return names, keys, sounds

    @cached_property
    def names_by_letter(self) -> Mapping[str, Sequence[IndexedName]]:
        """Names of medicines and their brands by first letter, for the A to Z."""
        letters: dict[str, list[IndexedName]] = defaultdict(list)
        for name in self.names:
            page = self.pages[name.key]
            if page.kind != "monograph" or name.kind not in (NameKind.TITLE, NameKind.BRAND):
                continue
            if name.kind is NameKind.BRAND and name.normalised == normalise(page.title):
                continue
            letters[initial(name.name)].append(name)
        return letters

    @cached_property
    def key_by_path(self) -> Mapping[str, str]:
        """The key of the page at each public path."""
        return {page.path: page.key for page in self.pages.values()}

    @cached_property
    def keys_by_kind(self) -> Mapping[str, Sequence[str]]:
        """Keys of the pages of each kind, sorted by title."""
        return _grouped((page.kind, page) for page in self.pages.values())

    @cached_property
    def member_keys(self) -> Mapping[str, Sequence[str]]:
        """Keys of the medicines of each class and condition, sorted by title."""
        return _grouped(
            (group, page)
            for page in self.pages.values()
            for group in {page.class_key, *page.condition_keys}
            if group
        )

    @cached_property
    def key_by_generic(self) -> Mapping[str, str]:
        """The key of the page of each known medicine, by the generic name under which it is listed.

        A page's own generic name counts before a brand name of it.
        """
        found: dict[str, str] = {}
        for kinds in ((NameKind.BRAND,), (NameKind.TITLE,)):
            for name in self.names:
                known = known_names().find(name.normalised) if name.kind in kinds else None
                if known and self.pages[name.key].kind == "monograph":
                    found[known.generic] = name.key
        return found

    def whole(self, normalised: str) -> list[IndexedName]:
        """Return the names equal to ``normalised`` that are not just a word of a longer name."""
        return [name for name in self.exact(normalised) if name.kind is not NameKind.PART]

    def exact(self, normalised: str) -> list[IndexedName]:
        """Return the names equal to ``normalised``."""
        start = bisect_left(self._normalised, normalised)
        return list(takewhile(lambda name: name.normalised == normalised, islice(self.names, start, None)))

    def with_prefix(self, normalised: str, limit: int) -> list[IndexedName]:
        """Return the first ``limit`` names that begin with ``normalised``."""
        start = bisect_left(self._normalised, normalised)
        found = takewhile(
            lambda name: name.normalised.startswith(normalised), islice(self.names, start, None)
        )
        return list(islice(found, limit))

    def containing(self, normalised: str, limit: int) -> list[IndexedName]:
        """Return the first ``limit`` names that contain ``normalised`` after their beginning."""
        found: list[IndexedName] = []
        joined, starts = self._joined
        at = joined.find(normalised)
        while at >= 0 and len(found) < limit:
            position = bisect_right(starts, at) - 1
            if starts[position] < at:
                found.append(self.names[position])
            after = starts[position + 1] if position + 1 < len(starts) else len(joined)
            at = joined.find(normalised, after)
        return found

    def similar(self, normalised: str, limit: int, least: float = 0) -> list[SimilarName]:
        """Return the names most similar to ``normalised``, the best one of each page, from ``least`` on."""
        key = phonetic_key(normalised)
        names, keys, sounds = self._fuzzy
        candidates = process.extract(
            key.sound,
            sounds,
            scorer=OSA.normalized_similarity,
            processor=None,
            score_cutoff=MIN_CANDIDATE_SIMILARITY,
            limit=MAX_CANDIDATES,
        )
        best: dict[str, SimilarName] = {}
        for _, _, position in candidates:
            name = names[position]
            score = similarity(key, keys[position]) * (PART_WEIGHT if name.kind is NameKind.PART else 1)
            if name.key not in best or score > best[name.key].similarity:
                best[name.key] = SimilarName(name, score)
        enough = (found for found in best.values() if found.similarity >= least)
        return nlargest(limit, enough, key=lambda found: (found.similarity, found.name.normalised))

    def with_similar_prefix(self, normalised: str, limit: int) -> list[SimilarName]:
        """Return the names whose beginning is most similar to ``normalised``."""
        names = self._fuzzy[0]
        key = phonetic_key(normalised)
        prefixes = [sound[: len(key.sound)] for sound in self._fuzzy[2]]
        found = process.extract(
            key.sound, prefixes, scorer=OSA.normalized_similarity, processor=None, limit=MAX_CANDIDATES
        )
        best: dict[str, SimilarName] = {}
        for _, score, position in found:
            name = names[position]
            if name.key not in best:
                best[name.key] = SimilarName(name, score)
        return nlargest(limit, best.values(), key=lambda found: (found.similarity, found.name.normalised))


def _grouped(pairs: Iterable[tuple[str, IndexedPage]]) -> Mapping[str, Sequence[str]]:
    groups: dict[str, list[IndexedPage]] = defaultdict(list)
    for group, page in pairs:
        groups[group].append(page)
    return {
        group: [page.key for page in sorted(pages, key=lambda p: (normalise(p.title), p.key))]
        for group, pages in groups.items()
    }

"""Every name under which a public page can be found, in memory. Immutable: a change makes a new one."""

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
from monographs.public.search.phonetics import PhoneticKey, phonetic_key, similarity

#: Names as alike as this in how they are said are looked at closely, and at most so many.
WORTH_A_LOOK, LOOKED_AT = 0.45, 60
#: A word of a longer name is found by itself from this length, and counts a little less than the whole.
WORD, OF_WORD = 5, 0.93


class NameKind(StrEnum):
    """What a name is to its page."""

    TITLE = "name"
    BRAND = "brand_name"
    CODE = "code"
    #: One word of a name that has several.
    PART = "part_of_name"


@dataclass(frozen=True, slots=True)
class IndexedPage:
    """A public page, as far as finding it goes."""

    key: str
    kind: str
    title: str
    brand_names: tuple[str, ...] = ()
    class_key: str | None = None
    condition_keys: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    path: str = ""

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> "IndexedPage":
        """The page the database describes."""
        codes = row["codes"] or {}
        return cls(
            key=row["key"],
            kind=row["kind"],
            title=row["title"],
            brand_names=tuple(row["brand_names"]),
            class_key=row["class_key"],
            condition_keys=tuple(row["condition_keys"]),
            path=row["path"],
            codes=tuple(c for c in (codes.get("atc"), codes.get("unii"), *codes.get("rxcui", ())) if c),
        )

    def names(self) -> Iterator[tuple[str, NameKind]]:
        """Everything it is called."""
        yield self.title, NameKind.TITLE
        for brand in self.brand_names:
            yield brand, NameKind.BRAND
        for code in self.codes:
            yield code, NameKind.CODE
        for name in (self.title, *self.brand_names):
            words = name.replace("-", " ").split()
            if len(words) > 1:
                yield from ((word, NameKind.PART) for word in words if len(word) >= WORD)


@dataclass(frozen=True, slots=True, order=True)
class IndexedName:
    """One name of one page. Sorted as a reader files it."""

    spelt: str
    name: str
    key: str
    kind: NameKind = field(compare=False)


@dataclass(frozen=True, slots=True)
class SimilarName:
    """A name that is like what was typed, and how much (from 0 to 1)."""

    name: IndexedName
    similarity: float


@dataclass(frozen=True, slots=True)
class LedgerPosition:
    """A place in the ledger: nothing after it is known. Its hash tells one ledger from another."""

    seq: int = 0
    hash: str = GENESIS


@dataclass(frozen=True)
class NameIndex:
    """Names of all pages that were public at a place in the ledger."""

    pages: Mapping[str, IndexedPage] = field(default_factory=dict)

    @cached_property
    def names(self) -> tuple[IndexedName, ...]:
        """All names in order."""
        found = (
            IndexedName(spelt, name, page.key, kind)
            for page in self.pages.values()
            for name, kind in page.names()
            if (spelt := normalise(name))
        )
        return tuple(sorted(found))

    @cached_property
    def _spelt(self) -> list[str]:
        return [name.spelt for name in self.names]

    @cached_property
    def _in_one(self) -> tuple[str, list[int]]:
        """All names in one text, and where each begins."""
        starts = accumulate((len(spelt) + 1 for spelt in self._spelt), initial=0)
        return "\n".join(self._spelt), list(starts)[:-1]

    @cached_property
    def _guessable(self) -> tuple[list[IndexedName], list[PhoneticKey], list[str]]:
        """Names that may be guessed from what is like them; a code is right or it is another code."""
        names = [name for name in self.names if name.kind is not NameKind.CODE]
        sounds = [phonetic_key(name.spelt) for name in names]
        # Made anew in one go they lie side by side in memory, which compares them four times as fast
        said = "\n".join(heard.said for heard in sounds).split("\n") if sounds else []
        return names, sounds, said

    @cached_property
    def by_letter(self) -> Mapping[str, Sequence[IndexedName]]:
        """Medicines and their brands as A to Z lists them."""
        letters: dict[str, list[IndexedName]] = defaultdict(list)
        for name in self.names:
            page = self.pages[name.key]
            if page.kind != "monograph" or name.kind not in (NameKind.TITLE, NameKind.BRAND):
                continue
            if name.kind is NameKind.BRAND and name.spelt == normalise(page.title):
                continue
            letters[initial(name.name)].append(name)
        return letters

    @cached_property
    def keys(self) -> Mapping[str, str]:
        """The key of the page at each public path."""
        return {page.path: page.key for page in self.pages.values()}

    @cached_property
    def of_kind(self) -> Mapping[str, Sequence[str]]:
        """Keys of each kind of page, by title."""
        return _grouped((page.kind, page) for page in self.pages.values())

    @cached_property
    def members(self) -> Mapping[str, Sequence[str]]:
        """Keys of the medicines of each class and condition, by title."""
        return _grouped(
            (group, page)
            for page in self.pages.values()
            for group in {page.class_key, *page.condition_keys}
            if group
        )

    def exactly(self, spelt: str) -> list[IndexedName]:
        """Names that are what was typed, but for case, accents and punctuation."""
        start = bisect_left(self._spelt, spelt)
        return list(takewhile(lambda name: name.spelt == spelt, islice(self.names, start, None)))

    def beginning(self, spelt: str, limit: int) -> list[IndexedName]:
        """Names that begin with what was typed, the first ``limit`` in order."""
        start = bisect_left(self._spelt, spelt)
        found = takewhile(lambda name: name.spelt.startswith(spelt), islice(self.names, start, None))
        return list(islice(found, limit))

    def containing(self, spelt: str, limit: int) -> list[IndexedName]:
        """Names with what was typed inside, in order."""
        found: list[IndexedName] = []
        text, starts = self._in_one
        at = text.find(spelt)
        while at >= 0 and len(found) < limit:
            place = bisect_right(starts, at) - 1
            if starts[place] < at:
                found.append(self.names[place])
            after = starts[place + 1] if place + 1 < len(starts) else len(text)
            at = text.find(spelt, after)
        return found

    def near(self, spelt: str, limit: int) -> list[SimilarName]:
        """Names most like what was typed, one for each page, the likest first."""
        heard = phonetic_key(spelt)
        names, sounds, said = self._guessable
        candidates = process.extract(
            heard.said,
            said,
            scorer=OSA.normalized_similarity,
            processor=None,
            score_cutoff=WORTH_A_LOOK,
            limit=LOOKED_AT,
        )
        best: dict[str, SimilarName] = {}
        for _, _, place in candidates:
            name = names[place]
            like = similarity(heard, sounds[place]) * (OF_WORD if name.kind is NameKind.PART else 1)
            if name.key not in best or like > best[name.key].similarity:
                best[name.key] = SimilarName(name, like)
        return nlargest(limit, best.values(), key=lambda near: (near.similarity, near.name.spelt))

    def near_beginning(self, spelt: str, limit: int) -> list[SimilarName]:
        """Names whose beginning is like what was typed so far."""
        names = self._guessable[0]
        heard = phonetic_key(spelt)
        beginnings = [said[: len(heard.said)] for said in self._guessable[2]]
        found = process.extract(
            heard.said, beginnings, scorer=OSA.normalized_similarity, processor=None, limit=LOOKED_AT
        )
        best: dict[str, SimilarName] = {}
        for _, score, place in found:
            name = names[place]
            if name.key not in best:
                best[name.key] = SimilarName(name, score)
        return nlargest(limit, best.values(), key=lambda near: (near.similarity, near.name.spelt))


def _grouped(pairs: Iterable[tuple[str, IndexedPage]]) -> Mapping[str, Sequence[str]]:
    groups: dict[str, list[IndexedPage]] = defaultdict(list)
    for group, page in pairs:
        groups[group].append(page)
    return {
        group: [page.key for page in sorted(pages, key=lambda p: (normalise(p.title), p.key))]
        for group, pages in groups.items()
    }

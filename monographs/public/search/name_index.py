"""An in-memory index of all names under which public pages can be found."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from heapq import nlargest
from types import MappingProxyType
from typing import Any

from monographs.editions.ledger import GENESIS
from monographs.public.name_sort import normalise
from monographs.public.search.indexed_name import IndexedName, NameKind
from monographs.public.search.known_names import known_names
from monographs.public.search.phonetics import phonetic_key, similarity, sound_of
from monographs.public.search.sorted_names import SortedNames

#: Similar names that are found of one query, and how many queries' an index keeps: symptoms and misspellings
#: that many readers type.
MAX_SIMILAR, MAX_KEPT = 8, 1024
#: Minimum length of a word of a longer name that is indexed by itself, and its weight beside whole names.
MIN_PART_LENGTH, PART_WEIGHT = 5, 0.93
#: What stands between the medicines of a fixed combination, and between the words of a name.
_BETWEEN_MEDICINES = re.compile(r"\s*(?:[/+,]|\s(?:and|with)\s)\s*")
_BETWEEN_WORDS = re.compile(r"[\s/+,()-]+")


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

    def groups(self) -> set[str]:
        """Return the keys of the class and conditions of a medicine; the kind of another page."""
        if self.kind != "monograph":
            return {self.kind}
        return {group for group in (self.class_key, *self.condition_keys) if group}

    def indexed_names(self, *, with_sound: bool = False) -> Iterator[IndexedName]:
        """Yield each name of the page once. Codes have no sound: they only match exactly."""
        for name, kind in dict.fromkeys(self.names()):
            if normalised := normalise(name):
                sound = sound_of(normalised) if with_sound and kind is not NameKind.CODE else ""
                yield IndexedName(normalised, name, self.key, kind, sound)

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


class NameIndex:
    """The names of all pages that were public at one position in the ledger. Immutable.

    ``with_changes`` returns the index of a later position in a few milliseconds at 50,000 medicines: what is
    not of the changed pages is taken over, and no name is normalised or transcribed a second time.
    """

    def __init__(self, pages: Mapping[str, IndexedPage] = MappingProxyType({})) -> None:
        self.pages: Mapping[str, IndexedPage] = {}
        #: The key of the page at each public path.
        self.key_by_path: Mapping[str, str] = {}
        self._names = self._listed = SortedNames()
        self._members: Mapping[str, Sequence[tuple[str, str]]] = {}
        self._replace(frozenset(), pages.values())

    def with_changes(self, changed: Iterable[str], pages: Iterable[IndexedPage]) -> "NameIndex":
        """Return an index in which ``pages`` stand for all that it had of the pages with ``changed`` keys."""
        later = copy(self)
        for cached in ("names_by_letter", "_similar"):
            later.__dict__.pop(cached, None)
        later._replace(frozenset(changed), pages)
        return later

    def _replace(self, changed: frozenset[str], pages: Iterable[IndexedPage]) -> None:
        new = {page.key: page for page in pages}
        old = [self.pages[key] for key in changed | new.keys() if key in self.pages]
        removed = [name for page in old for name in page.indexed_names()]
        added = [name for page in new.values() for name in page.indexed_names(with_sound=True)]
        self._names = self._names.edited(removed, added)
        self._listed = self._listed.edited(
            [name for name in removed if _is_listed(name, self.pages[name.key])],
            [name for name in added if _is_listed(name, new[name.key])],
        )
        self._members = _edited_members(self._members, old, new.values())
        self.pages = {**self.pages, **new}
        self.key_by_path = dict(self.key_by_path)
        for page in old:
            self.key_by_path.pop(page.path, None)
            if page.key not in new:
                del self.pages[page.key]
        self.key_by_path |= {page.path: page.key for page in new.values()}

    @property
    def names(self) -> Sequence[IndexedName]:
        """All names, sorted."""
        return self._names.names

    @cached_property
    def names_by_letter(self) -> Mapping[str, Sequence[IndexedName]]:
        """Names of medicines and their brands by first letter, for the A to Z."""
        return self._listed.by_letter()

    def member_keys(self, group: str) -> Sequence[str]:
        """Return the keys of a class's or condition's medicines, or of a kind's pages, sorted by title."""
        return [key for _, key in self._members.get(group, ())]

    def key_of_generic(self, generic: str) -> str | None:
        """Return the key of the page of a known medicine, by the generic name under which it is listed.

        A page's own generic name counts before a brand name of it.
        """
        named = [
            name
            for known in known_names().keys_of(generic)
            for name in self.exact(known)
            if name.kind in (NameKind.TITLE, NameKind.BRAND) and self.pages[name.key].kind == "monograph"
        ]
        last = max(named, key=lambda name: (name.kind is NameKind.TITLE, name.place), default=None)
        return last.key if last else None

    def whole(self, normalised: str) -> list[IndexedName]:
        """Return the names equal to ``normalised`` that are not just a word of a longer name."""
        return [name for name in self.exact(normalised) if name.kind is not NameKind.PART]

    def exact(self, normalised: str) -> list[IndexedName]:
        """Return the names equal to ``normalised``."""
        return self._names.exact(normalised)

    def with_prefix(self, normalised: str, limit: int) -> list[IndexedName]:
        """Return the first ``limit`` names that begin with ``normalised``."""
        return self._names.with_prefix(normalised, limit)

    def containing(self, normalised: str, limit: int) -> list[IndexedName]:
        """Return the first ``limit`` names that contain ``normalised`` after their beginning."""
        return self._names.containing(normalised, limit)

    @cached_property
    def _similar(self) -> dict[str, list[SimilarName]]:
        return {}

    def similar(self, normalised: str, limit: int, least: float = 0) -> list[SimilarName]:
        """Return the names most similar to ``normalised``, the best one of each page, from ``least`` on.

        At most ``MAX_SIMILAR``. One search asks for the same word several times.
        """
        found = self._similar.get(normalised)
        if found is None:
            if len(self._similar) >= MAX_KEPT:
                self._similar.clear()
            found = self._similar[normalised] = self._most_similar(normalised)
        return [name for name in found if name.similarity >= least][:limit]

    def _most_similar(self, normalised: str) -> list[SimilarName]:
        key = phonetic_key(normalised)
        best: dict[str, SimilarName] = {}
        for name, _ in self._names.sounding_like(key.sound):
            score = similarity(key, phonetic_key(name.normalised))
            score *= PART_WEIGHT if name.kind is NameKind.PART else 1
            if name.key not in best or score > best[name.key].similarity:
                best[name.key] = SimilarName(name, score)
        return nlargest(MAX_SIMILAR, best.values(), key=_likeness)

    def with_similar_prefix(self, normalised: str, limit: int) -> list[SimilarName]:
        """Return the names whose beginning is most similar to ``normalised``."""
        best: dict[str, SimilarName] = {}
        for name, score in self._names.beginning_like(phonetic_key(normalised).sound):
            if name.key not in best:
                best[name.key] = SimilarName(name, score)
        return nlargest(limit, best.values(), key=_likeness)


def _likeness(found: SimilarName) -> tuple[float, str]:
    return found.similarity, found.name.normalised


def _is_listed(name: IndexedName, page: IndexedPage) -> bool:
    """Whether the A to Z has a name: of a medicine, and a brand name only if it is not its name too."""
    if page.kind != "monograph" or name.kind not in (NameKind.TITLE, NameKind.BRAND):
        return False
    return name.kind is NameKind.TITLE or name.normalised != normalise(page.title)


def _edited_members(
    members: Mapping[str, Sequence[tuple[str, str]]], old: Iterable[IndexedPage], new: Iterable[IndexedPage]
) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Return the members of each group without ``old`` and with ``new`` pages, sorted by title."""
    removed, added = _by_group(old), _by_group(new)
    edited = dict(members)
    for group in removed.keys() | added.keys():
        kept = set(members.get(group, ())) - removed[group]
        edited[group] = sorted(kept | added[group])
    return edited


def _by_group(pages: Iterable[IndexedPage]) -> defaultdict[str, set[tuple[str, str]]]:
    groups: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for page in pages:
        for group in page.groups():
            groups[group].add((normalise(page.title), page.key))
    return groups

"""The names of medicines in the lists of the search, whether or not they have a page.

Read once per process from the lists in ``data`` (``SOURCES.md``: where they come from), when a query first
needs them. They tell a misspelt name of a medicine with a page from the right name of another medicine.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from heapq import nlargest
from itertools import islice, takewhile
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from monographs.core.medicine_names import name_key
from monographs.public.search.phonetics import PhoneticKey, phonetic_key, similarity

DATA = Path(__file__).with_name("data")
#: Lists of names. What a later list says of a name replaces what an earlier one says.
LISTS = ("dictionary.txt", "labels.txt", "well_known.txt", "scripts.txt")
#: Minimum similarity by sound, and maximum number, of the names that are compared in full.
MIN_CANDIDATE_SIMILARITY, MAX_CANDIDATES = 0.5, 40
#: Letters in which a name and its generic name begin alike if one is a form of the other, not a brand.
_SHARED_BEGINNING = 4
_CODE = re.compile(r"[a-z]{1,6}[ -]?[a-z]?\d.*")


@dataclass(frozen=True, slots=True)
class KnownName:
    """A name of a medicine, as it is listed, and its generic name in the United States."""

    name: str
    generic: str

    @property
    def is_generic(self) -> bool:
        """Whether it is the generic name itself."""
        return name_key(self.name) == name_key(self.generic)

    @property
    def shown(self) -> str:
        """The name as it is written: codes in capitals, brands with a capital, generic names without."""
        if _CODE.fullmatch(self.name):
            return self.name.upper()
        if self.name[:_SHARED_BEGINNING] == self.generic[:_SHARED_BEGINNING]:
            return self.name
        return re.sub(r"(?:^|(?<=[ -]))[a-z]", lambda letter: letter[0].upper(), self.name)


@dataclass(frozen=True, slots=True)
class SimilarKnownName:
    """A known name similar to a query, and its similarity from 0 to 1."""

    key: str
    known: KnownName
    similarity: float


@dataclass(frozen=True)
class KnownNames:
    """All known names by their key (``name_key``), and the keys of names that have been confused."""

    by_key: Mapping[str, KnownName] = field(repr=False)
    confused: Mapping[str, frozenset[str]] = field(repr=False)

    def find(self, key: str) -> KnownName | None:
        """Return the name with exactly this key."""
        return self.by_key.get(key)

    def keys_of(self, generic: str) -> Sequence[str]:
        """Return the keys of all names of a medicine, by its generic name."""
        return self._keys_by_generic.get(generic, ())

    @cached_property
    def _keys_by_generic(self) -> Mapping[str, Sequence[str]]:
        keys: dict[str, list[str]] = {}
        for key, known in self.by_key.items():
            keys.setdefault(known.generic, []).append(key)
        return keys

    def with_prefix(self, prefix: str, limit: int) -> list[KnownName]:
        """Return the first ``limit`` names whose key begins with ``prefix``."""
        start = bisect_left(self._keys, prefix)
        keys = takewhile(lambda key: key.startswith(prefix), islice(self._keys, start, None))
        return [self.by_key[key] for key in islice(keys, limit)]

    def similar(self, key: str, limit: int) -> list[SimilarKnownName]:
        """Return the names most similar to ``key``."""
        phonetic = phonetic_key(key)
        keys, sounds = self._fuzzy
        found = process.extract(
            phonetic.sound,
            sounds,
            scorer=OSA.normalized_similarity,
            processor=None,
            score_cutoff=MIN_CANDIDATE_SIMILARITY,
            limit=MAX_CANDIDATES,
        )
        names = (
            SimilarKnownName(other.normalised, self.by_key[other.normalised], similarity(phonetic, other))
            for other in (keys[position] for _, _, position in found)
        )
        return nlargest(limit, names, key=lambda name: (name.similarity, name.key))

    def with_similar_prefix(self, key: str, limit: int) -> list[SimilarKnownName]:
        """Return the names whose beginning sounds most like ``key``."""
        sound = phonetic_key(key).sound
        keys, _ = self._fuzzy
        found = process.extract(
            sound,
            self._beginnings(len(sound)),
            scorer=OSA.normalized_similarity,
            processor=None,
            score_cutoff=MIN_CANDIDATE_SIMILARITY,
            limit=limit,
        )
        return [
            SimilarKnownName(keys[position].normalised, self.by_key[keys[position].normalised], score)
            for _, score, position in found
        ]

    def _beginnings(self, length: int) -> Sequence[str]:
        """The first letters of all sounds. The names never change, so they are cut once."""
        found = self._cut.get(length)
        if found is None:
            found = self._cut[length] = [sound[:length] for sound in self._fuzzy[1]]
        return found

    @cached_property
    def _cut(self) -> dict[int, Sequence[str]]:
        return {}

    @cached_property
    def _keys(self) -> Sequence[str]:
        return sorted(self.by_key)

    @cached_property
    def _fuzzy(self) -> tuple[Sequence[PhoneticKey], Sequence[str]]:
        """Phonetic keys and sounds. A name with digits is a code, which is never guessed."""
        keys = [phonetic_key(key) for key in self._keys if key.isascii() and key.isalpha()]
        return keys, "\n".join(key.sound for key in keys).split("\n")


@cache
def known_names() -> KnownNames:
    """Return all known names; read from the lists when first called."""
    by_key: dict[str, KnownName] = {}
    for name in LISTS:
        for generic, others in _entries(name):
            by_key.update((name_key(other), KnownName(other, generic)) for other in (generic, *others))
    by_key.pop("", None)
    # A list may file a name under another name of the same medicine
    resolved = {
        key: KnownName(known.name, by_key[name_key(known.generic)].generic) for key, known in by_key.items()
    }
    return KnownNames(resolved, _confused())


def _entries(file: str) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the generic names of a list with their other names."""
    for line in _lines(file):
        generic, _, others = line.partition(": ")
        yield generic, others.split("; ") if others else ()


def _confused() -> Mapping[str, frozenset[str]]:
    pairs: dict[str, frozenset[str]] = {}
    for line in _lines("look_alikes.txt"):
        one, other = (name_key(name) for name in line.split(" / "))
        pairs[one] = pairs.get(one, frozenset()) | {other}
        pairs[other] = pairs.get(other, frozenset()) | {one}
    return pairs


def _lines(file: str) -> Iterator[str]:
    for line in (DATA / file).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line

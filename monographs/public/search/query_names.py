"""The names of medicines in a query: those that have a page, and those that are known to have none."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from monographs.public.name_sort import normalise
from monographs.public.search.indexed_name import IndexedName, NameKind
from monographs.public.search.known_names import KnownName, known_names
from monographs.public.search.name_index import NameIndex
from monographs.public.search.transliteration import in_latin

#: Maximum words of one name, and words of a query that are looked at.
MAX_NAME_WORDS, MAX_QUERY_WORDS = 4, 30
#: Minimum characters of a name that is looked up: shorter ones are words or acronyms.
MIN_LENGTH = 4
_WORD = re.compile(r"[^\s/+,;&()\[\]?!:\"“”]+")
#: The suffix of four letters that FDA gives to biological medicines.
_BIOLOGIC_SUFFIX = re.compile(r"(?<=\w{4})-[a-z]{4}$", re.IGNORECASE)
#: Words beside a name that leave the medicine the same: salts, forms and strengths. Not *liposomal*, which is
#: another medicine.
QUALIFIERS = frozenset(
    "hydrochloride hcl dihydrochloride mesylate mesilate sodium disodium potassium calcium phosphate sulfate "
    "sulphate acetate citrate maleate tartrate fumarate succinate tosylate besylate ditosylate bromide "
    "monohydrate anhydrous acid generic brand medicine medication drug tablet tablets tab tabs pill pills "
    "capsule capsules cap caps injection infusion iv oral solution syrup liquid powder vial mg mcg ug g ml "
    "µg iu units".split()
)
_STRENGTH = re.compile(r"[\d.,]+(?:mg|mcg|µg|ug|g|ml|iu|%)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NamedMedicine:
    """A name in a query. ``name`` is the page's; ``known`` what the lists say if it is not that name."""

    typed: str
    name: IndexedName | None = None
    known: KnownName | None = None

    @property
    def absent(self) -> bool:
        """Whether it is the name of a medicine that has no page."""
        return self.name is None


@dataclass(frozen=True, slots=True)
class QueryNames:
    """The names in a query, in its order, and its other words."""

    names: tuple[NamedMedicine, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def only(self) -> NamedMedicine | None:
        """The name, if the query is one name with a salt, form or strength and nothing else."""
        plain = all(word.lower() in QUALIFIERS or _STRENGTH.fullmatch(word) for word in self.others)
        return self.names[0] if len(self.names) == 1 and plain else None


def named_medicine(index: NameIndex, text: str) -> NamedMedicine | None:
    """Return the medicine that ``text`` names in full, or None if it is no name of one.

    A biological medicine's suffix, and Cyrillic or Greek letters, make no other medicine.
    """
    key = normalise(text)
    if len(key) < MIN_LENGTH and key.isascii():
        return None
    without_suffix = normalise(_BIOLOGIC_SUFFIX.sub("", text))
    for form in dict.fromkeys((key, in_latin(key), without_suffix)):
        if whole := index.whole(form):
            return NamedMedicine(text, whole[0])
        if known := known_names().find(form):
            return NamedMedicine(text, _name_of(index, known), known)
    return None


def query_names(index: NameIndex, query: str) -> QueryNames:
    """Find all names in ``query``, the longest at each place."""
    words = _WORD.findall(query)[:MAX_QUERY_WORDS]
    names: list[NamedMedicine] = []
    others: list[str] = []
    at = 0
    while at < len(words):
        found = next(_names_at(index, words, at), None)
        if found:
            length, name = found
            names.append(name)
            at += length
        else:
            others.append(words[at])
            at += 1
    return QueryNames(tuple(names), tuple(others))


def page_of(index: NameIndex, known: KnownName) -> str | None:
    """Return the key of the page of a known medicine."""
    return index.key_of_generic(known.generic)


def _names_at(index: NameIndex, words: list[str], at: int) -> Iterator[tuple[int, NamedMedicine]]:
    for length in range(min(MAX_NAME_WORDS, len(words) - at), 0, -1):
        if name := named_medicine(index, " ".join(words[at : at + length])):
            yield length, name


def _name_of(index: NameIndex, known: KnownName) -> IndexedName | None:
    key = page_of(index, known)
    return IndexedName(normalise(known.name), known.shown, key, NameKind.OTHER_NAME) if key else None

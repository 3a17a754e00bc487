"""Match a query against the name index: names that fit, and what a misspelt or absent name means."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from monographs.public.name_sort import normalise
from monographs.public.search.indexed_name import IndexedName, NameKind
from monographs.public.search.known_names import KnownName, known_names
from monographs.public.search.name_index import NameIndex, SimilarName
from monographs.public.search.near_miss import NearMiss, alike, digits_of, near_miss
from monographs.public.search.query_names import (
    NamedMedicine,
    QueryNames,
    named_medicine,
    page_of,
    query_names,
)

#: Maximum pages found by name; a longer list would not help the reader.
MAX_NAMED = 30
#: Minimum characters of a query to match inside names, and to match similar names: shorter ones match too
#: many.
MIN_SUBSTRING_LENGTH, MIN_FUZZY_LENGTH = 3, 4
#: Minimum similarity of a name that corrects a single word of several.
MIN_WORD_CORRECTION = 0.72
#: Maximum words of a query that are compared with names one by one, and their minimum length.
MAX_WORDS, MIN_WORD_LENGTH = 4, 5
#: Maximum names without a page that are listed for the beginning of a name.
MAX_BEGINNINGS = 3


class MatchKind(StrEnum):
    """Why a page was found."""

    NAME = "name"
    BRAND_NAME = "brand_name"
    CODE = "code"
    COMPONENT = "component"
    OTHER_NAME = "other_name"
    PART_OF_NAME = "part_of_name"
    CLASS = "class"
    CONDITION = "condition"
    TEXT = "text"
    SIMILAR_NAME = "similar_name"


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A page that fits by one of its names, or by its class or condition; ``label`` is that name."""

    key: str
    kind: MatchKind
    label: str


@dataclass(frozen=True, slots=True)
class AbsentMedicine:
    """A medicine that a query names and that has no page.

    ``typed`` is the name as the reader wrote it, ``alike`` are titles of pages that could be taken for it.
    """

    typed: str
    known: KnownName
    alike: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The name as the reader wrote it, but with the usual capitals."""
        return self.known.shown if self.typed.lower() == self.known.name else self.typed


@dataclass(frozen=True, slots=True)
class QueryInterpretation:
    """What a query can mean, according to the name index."""

    #: The query without control characters and redundant spaces.
    query: str
    #: Pages whose names fit, best first.
    matches: tuple[NameMatch, ...] = ()
    #: Whether more names fit than are in ``matches``.
    truncated: bool = False
    #: The name that the whole query unmistakably means, if no name fits.
    correction: SimilarName | None = None
    #: Names that the query may mean, if no name fits: of pages, and of medicines without one.
    offered: tuple[SimilarName, ...] = ()
    others: tuple[KnownName, ...] = ()
    #: The medicine without a page that the query names.
    absent: AbsentMedicine | None = None
    #: The query with misspelt words corrected; empty if there are none.
    corrected_query: str = ""
    #: Keys of the pages that single words of the query name, and the remaining words.
    named_keys: tuple[str, ...] = ()
    other_words: str = ""

    @property
    def names_something(self) -> bool:
        """Whether a name was found in the query, of a page or of a medicine without one."""
        return self != QueryInterpretation(self.query)

    @property
    def similar(self) -> tuple[SimilarName, ...]:
        """The correction, or else the names that are offered."""
        return (self.correction,) if self.correction else self.offered

    @property
    def keys(self) -> list[str]:
        """Keys of all pages found by name, each once."""
        keys = (
            *(match.key for match in self.matches),
            *(similar.name.key for similar in self.similar),
            *self.named_keys,
        )
        return list(dict.fromkeys(keys))


def interpret_query(index: NameIndex, query: str, *, exact: bool = False) -> QueryInterpretation:
    """Match ``query`` against ``index``; with ``exact``, without similar names.

    A query that names a medicine without a page is never taken for another one.
    """
    normalised = normalise(query)
    if not normalised:
        return QueryInterpretation(query)
    names = query_names(index, query)
    whole = named_medicine(index, query) or names.only
    absent = whole if whole and whole.absent else next((name for name in names.names if name.absent), None)
    if absent and absent is whole:
        return QueryInterpretation(
            query, tuple(_containing(index, absent)), absent=_absent_medicine(index, absent)
        )
    other_name = () if index.whole(normalised) else _by_other_name(whole)
    found = _unique([*other_name, *_matches(index, normalised)])
    if found:
        return QueryInterpretation(query, tuple(found[:MAX_NAMED]), truncated=len(found) > MAX_NAMED)
    if names.names:
        return _named(index, query, names, absent)
    if exact or len(normalised) < MIN_FUZZY_LENGTH:
        return QueryInterpretation(query)
    return _interpret_misspelt(index, query, normalised)


def _absent_medicine(index: NameIndex, absent: NamedMedicine | None) -> AbsentMedicine | None:
    if absent is None or absent.known is None:
        return None
    return AbsentMedicine(absent.typed, absent.known, alike(index, absent.known))


def _containing(index: NameIndex, absent: NamedMedicine) -> Iterator[NameMatch]:
    """Yield the pages of which an absent name is one word, for example of another form of the medicine."""
    for name in index.exact(normalise(absent.typed)):
        if name.kind is NameKind.PART:
            yield NameMatch(name.key, MatchKind.PART_OF_NAME, index.pages[name.key].title)


def _by_other_name(whole: NamedMedicine | None) -> Iterator[NameMatch]:
    """Yield the page that has the medicine under another name, or under this one with a salt or strength."""
    if whole and whole.name:
        yield _match(whole.name)


def _named(
    index: NameIndex, query: str, names: QueryNames, absent: NamedMedicine | None
) -> QueryInterpretation:
    """Interpret a query with names of medicines and other words: *revlimid and pregnancy*."""
    return QueryInterpretation(
        query,
        absent=_absent_medicine(index, absent),
        named_keys=tuple(dict.fromkeys(name.name.key for name in names.names if name.name)),
        other_words=" ".join(names.others),
    )


def _interpret_misspelt(index: NameIndex, query: str, normalised: str) -> QueryInterpretation:
    """Interpret a query in which no name was found."""
    words = query.split()
    beginnings = _beginnings(index, normalised) if len(words) == 1 else ()
    if beginnings:
        return QueryInterpretation(query, others=beginnings)
    found = near_miss(index, normalised)
    if found.correction or len(words) == 1:
        return _as_whole(query, found)
    by_word = _interpret_words(index, query, words)
    if by_word.named_keys or by_word.offered or not found.offered:
        return by_word
    return _as_whole(query, found)


def _as_whole(query: str, found: NearMiss) -> QueryInterpretation:
    return QueryInterpretation(query, correction=found.correction, offered=found.offered, others=found.others)


def _beginnings(index: NameIndex, normalised: str) -> tuple[KnownName, ...]:
    """Return medicines without a page whose names begin with ``normalised``, one name of each."""
    known = known_names().with_prefix(normalised, MAX_NAMED)
    ranked = sorted(known, key=lambda name: (not name.is_generic, len(name.name)))
    first: dict[str, KnownName] = {}
    for name in ranked:
        if page_of(index, name) is None:
            first.setdefault(name.generic, name)
    return tuple(first.values())[:MAX_BEGINNINGS]


def _matches(index: NameIndex, normalised: str) -> Iterator[NameMatch]:
    """Yield exact, prefix and substring matches, and the members of a matching class or condition."""
    exact = _ranked(index, index.exact(normalised))
    yield from map(_match, exact)
    prefixed = _ranked(index, index.with_prefix(normalised, MAX_NAMED * 4))
    yield from map(_match, prefixed)
    for name in exact or prefixed[:1]:
        yield from _members(index, name.key)
    if len(normalised) >= MIN_SUBSTRING_LENGTH:
        containing = index.containing(normalised, MAX_NAMED * 2)
        yield from map(_match, _ranked(index, [n for n in containing if n.kind is not NameKind.CODE]))


def _ranked(index: NameIndex, names: Iterable[IndexedName]) -> list[IndexedName]:
    """Sort names: whole ones first, then medicines, then those not withdrawn, then short ones."""

    def order(name: IndexedName) -> tuple[bool, bool, bool, int, bool]:
        page = index.pages[name.key]
        return (
            name.kind is NameKind.PART,
            page.kind != "monograph",
            page.withdrawn,
            len(name.normalised),
            name.kind is not NameKind.TITLE,
        )

    # A short beginning of a code identifies nothing
    usable = (n for n in names if n.kind is not NameKind.CODE or len(n.normalised) >= MIN_FUZZY_LENGTH)
    return sorted(usable, key=order)


def _match(name: IndexedName) -> NameMatch:
    kind = {
        NameKind.TITLE: MatchKind.NAME,
        NameKind.BRAND: MatchKind.BRAND_NAME,
        NameKind.CODE: MatchKind.CODE,
        NameKind.COMPONENT: MatchKind.COMPONENT,
        NameKind.OTHER_NAME: MatchKind.OTHER_NAME,
        NameKind.PART: MatchKind.PART_OF_NAME,
    }
    return NameMatch(name.key, kind[name.kind], name.name)


def _members(index: NameIndex, key: str) -> Iterator[NameMatch]:
    page = index.pages[key]
    kind = {"drug_class": MatchKind.CLASS, "condition": MatchKind.CONDITION}.get(page.kind)
    if kind:
        for member in index.member_keys(key)[: MAX_NAMED * 2]:
            yield NameMatch(member, kind, page.title)


def _unique(matches: Iterable[NameMatch]) -> list[NameMatch]:
    """Return the first match of each page, one more than ``MAX_NAMED`` at most."""
    first: dict[str, NameMatch] = {}
    for match in matches:
        first.setdefault(match.key, match)
        if len(first) > MAX_NAMED:
            break
    return list(first.values())


def _interpret_words(index: NameIndex, query: str, words: list[str]) -> QueryInterpretation:
    """Interpret a query of several words, some of which may be misspelt names: *revlamid and pregnancy*."""
    longest = sorted((word for word in words if len(normalise(word)) >= MIN_WORD_LENGTH), key=len)[
        -MAX_WORDS:
    ]
    corrections: dict[str, SimilarName] = {}
    offered: list[SimilarName] = []
    others: list[KnownName] = []
    for word in longest:
        similar = index.similar(normalise(word), 1, MIN_WORD_CORRECTION)
        # A number in a name tells it from another one
        if similar and digits_of(index.pages[similar[0].name.key].title) in ("", digits_of(query)):
            found = near_miss(index, normalise(word), MIN_WORD_CORRECTION)
            corrections |= {word: found.correction} if found.correction else {}
            offered += found.offered
            others += found.others
    return QueryInterpretation(
        query,
        offered=() if corrections else tuple(offered),
        others=() if corrections else tuple(others),
        corrected_query=" ".join(corrections[w].name.name if w in corrections else w for w in words)
        if corrections
        else "",
        named_keys=tuple(dict.fromkeys(name.name.key for name in corrections.values())),
        other_words=" ".join(word for word in words if word not in corrections),
    )

"""Match a query against the name index: names that fit, and corrections when none does."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from monographs.public.name_sort import normalise
from monographs.public.search.name_index import IndexedName, NameIndex, NameKind, SimilarName

#: Maximum pages found by name; a longer list would not help the reader.
MAX_NAMED = 30
#: Minimum characters of a query to match inside names, and to match similar names: shorter ones match too
#: many.
MIN_SUBSTRING_LENGTH, MIN_FUZZY_LENGTH = 3, 4
#: Minimum similarity of a name that corrects a query, and of one that corrects a single word of several.
MIN_CORRECTION, MIN_WORD_CORRECTION = 0.62, 0.72
#: Names within this similarity of the best one are shown with it; maximum number of similar names.
SIMILARITY_MARGIN, MAX_SIMILAR = 0.1, 5
#: Minimum similarity of a name that is suggested when nothing is found.
MIN_SUGGESTION = 0.4
#: Maximum words of a query that are matched one by one.
MAX_WORDS = 8


class MatchKind(StrEnum):
    """Why a page was found."""

    NAME = "name"
    BRAND_NAME = "brand_name"
    CODE = "code"
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
class QueryInterpretation:
    """What a query can mean, according to the name index."""

    #: The query without control characters and redundant spaces.
    query: str
    #: Pages whose names fit, best first.
    matches: tuple[NameMatch, ...] = ()
    #: Whether more names fit than are in ``matches``.
    truncated: bool = False
    #: Names similar to the query, most similar first.
    similar: tuple[SimilarName, ...] = ()
    #: The query with misspelt words corrected; empty if there are none.
    corrected_query: str = ""
    #: Keys of the pages that single words of the query name, and the remaining words.
    named_keys: tuple[str, ...] = ()
    other_words: str = ""

    @property
    def correction(self) -> SimilarName | None:
        """The name that the whole query probably means, if no name fits and one is similar enough."""
        best = self.similar[0] if self.similar and not self.matches else None
        return best if best and best.similarity >= MIN_CORRECTION else None

    @property
    def corrections(self) -> tuple[SimilarName, ...]:
        """The correction and the names that are nearly as similar."""
        best = self.correction
        least = max(MIN_CORRECTION, best.similarity - SIMILARITY_MARGIN) if best else 1
        return tuple(name for name in self.similar if name.similarity >= least)

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
    """Match ``query`` against ``index``; with ``exact``, without similar names."""
    normalised = normalise(query)
    if not normalised:
        return QueryInterpretation(query)
    found = _unique(_matches(index, normalised))
    if found:
        return QueryInterpretation(query, tuple(found[:MAX_NAMED]), truncated=len(found) > MAX_NAMED)
    fuzzy = len(normalised) >= MIN_FUZZY_LENGTH and not exact
    candidates = index.similar(normalised, MAX_SIMILAR) if fuzzy else []
    similar = tuple(name for name in candidates if name.similarity >= MIN_SUGGESTION)
    interpretation = QueryInterpretation(query, similar=similar)
    words = query.split()
    if interpretation.correction or not 1 < len(words) <= MAX_WORDS:
        return interpretation
    return _interpret_words(index, query, words, similar, exact=exact)


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
    """Sort whole names before parts of names, medicines before other pages, short names before long ones."""

    def order(name: IndexedName) -> tuple[bool, bool, int, bool]:
        is_other = index.pages[name.key].kind != "monograph"
        return (
            name.kind is NameKind.PART,
            is_other,
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
        NameKind.PART: MatchKind.PART_OF_NAME,
    }
    return NameMatch(name.key, kind[name.kind], name.name)


def _members(index: NameIndex, key: str) -> Iterator[NameMatch]:
    page = index.pages[key]
    kind = {"drug_class": MatchKind.CLASS, "condition": MatchKind.CONDITION}.get(page.kind)
    if kind:
        for member in index.member_keys.get(key, ())[: MAX_NAMED * 2]:
            yield NameMatch(member, kind, page.title)


def _unique(matches: Iterable[NameMatch]) -> list[NameMatch]:
    """Return the first match of each page, one more than ``MAX_NAMED`` at most."""
    first: dict[str, NameMatch] = {}
    for match in matches:
        first.setdefault(match.key, match)
        if len(first) > MAX_NAMED:
            break
    return list(first.values())


def _interpret_words(
    index: NameIndex, query: str, words: list[str], similar: tuple[SimilarName, ...], *, exact: bool
) -> QueryInterpretation:
    """Interpret a query of several words, some of which name medicines: *revlamid and pregnancy*."""
    corrected, others, named_keys = [], [], []
    for word in words:
        normalised = normalise(word)
        named = [n for n in index.exact(normalised) if n.kind is not NameKind.PART] if normalised else []
        correction = None
        if not named and not exact and len(normalised) > MIN_FUZZY_LENGTH:
            best = index.similar(normalised, 1)
            correction = next((n for n in best if n.similarity >= MIN_WORD_CORRECTION), None)
        name = named[0] if named else correction.name if correction else None
        if name:
            named_keys.append(name.key)
        else:
            others.append(word)
        corrected.append(name.name if correction and name else word)
    return QueryInterpretation(
        query,
        similar=similar,
        corrected_query="" if corrected == words else " ".join(corrected),
        named_keys=tuple(named_keys),
        other_words=" ".join(others),
    )

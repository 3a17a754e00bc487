"""Which names fit what was typed, and what was probably meant when none does."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from monographs.public.name_sort import normalise
from monographs.public.search.name_index import IndexedName, NameIndex, NameKind, SimilarName

#: Pages found by name; a list this long tells the reader to type more.
MAX_NAMED = 30
#: A shorter text only begins names: too many are like it, or have it inside.
SHORTEST_INSIDE, SHORTEST_GUESS = 3, 4
#: As like as this, a name is taken for what was meant; for one word of several, it must be liker.
MEANT, MEANT_WORD = 0.62, 0.72
#: Names this much less like than the best are shown with it, at most so many.
CLOSE_BEHIND, MAX_NEAR = 0.1, 5
#: Least likeness of a name that is offered when nothing was found.
OFFERED = 0.4
#: Words of a query that are looked at one by one.
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
    why: MatchKind
    label: str


@dataclass(frozen=True, slots=True)
class QueryInterpretation:
    """What a query may mean, as far as names tell."""

    #: What was typed, without control characters and needless spaces.
    typed: str
    #: Pages whose names fit, best first.
    matches: tuple[NameMatch, ...] = ()
    #: More names fit than are listed.
    cut: bool = False
    #: Names that are like what was typed, the likest first.
    near: tuple[SimilarName, ...] = ()
    #: The query with its misspelt words put right; empty when there are none.
    meant: str = ""
    #: Keys of medicines that words of the query name, and its other words.
    about: tuple[str, ...] = ()
    others: str = ""

    @property
    def guess(self) -> SimilarName | None:
        """The name that was meant, when no name fits and one is like enough."""
        best = self.near[0] if self.near and not self.matches else None
        return best if best and best.similarity >= MEANT else None

    @property
    def close(self) -> tuple[SimilarName, ...]:
        """The guess and the names that are nearly as like."""
        best = self.guess
        least = max(MEANT, best.similarity - CLOSE_BEHIND) if best else 1
        return tuple(near for near in self.near if near.similarity >= least)

    @property
    def keys(self) -> list[str]:
        """Every page this plan names, each once."""
        found = (*(m.key for m in self.matches), *(n.name.key for n in self.near), *self.about)
        return list(dict.fromkeys(found))


def interpret_query(index: NameIndex, typed: str, *, exact: bool = False) -> QueryInterpretation:
    """What ``typed`` may mean; with ``exact``, only what it says."""
    spelt = normalise(typed)
    if not spelt:
        return QueryInterpretation(typed)
    found = _unique(_matches(index, spelt))
    matches = tuple(found[:MAX_NAMED])
    made = QueryInterpretation(typed, matches, cut=len(found) > MAX_NAMED)
    if matches:
        return made
    near = tuple(index.near(spelt, MAX_NEAR)) if len(spelt) >= SHORTEST_GUESS and not exact else ()
    near = tuple(n for n in near if n.similarity >= OFFERED)
    made = QueryInterpretation(typed, near=near)
    words = typed.split()
    if made.guess or not 1 < len(words) <= MAX_WORDS:
        return made
    return _word_by_word(index, typed, words, near, exact=exact)


def _matches(index: NameIndex, spelt: str) -> Iterator[NameMatch]:
    """Names that are it, begin with it or have it inside; and the members of a class or condition."""
    exactly = _filed(index, index.exactly(spelt))
    yield from map(_match, exactly)
    beginning = _filed(index, index.beginning(spelt, MAX_NAMED * 4))
    yield from map(_match, beginning)
    for name in exactly or beginning[:1]:
        yield from _members(index, name.key)
    if len(spelt) >= SHORTEST_INSIDE:
        inside = [n for n in index.containing(spelt, MAX_NAMED * 2) if n.kind is not NameKind.CODE]
        yield from map(_match, _filed(index, inside))


def _filed(index: NameIndex, names: Iterable[IndexedName]) -> list[IndexedName]:
    """Whole names before parts of names, medicines before others, short ones before long ones."""

    def order(name: IndexedName) -> tuple[bool, bool, int, bool]:
        other = index.pages[name.key].kind != "monograph"
        return name.kind is NameKind.PART, other, len(name.spelt), name.kind is not NameKind.TITLE

    told = (n for n in names if n.kind is not NameKind.CODE or len(n.spelt) >= SHORTEST_GUESS)
    return sorted(told, key=order)


def _match(name: IndexedName) -> NameMatch:
    why = {
        NameKind.TITLE: MatchKind.NAME,
        NameKind.BRAND: MatchKind.BRAND_NAME,
        NameKind.CODE: MatchKind.CODE,
        NameKind.PART: MatchKind.PART_OF_NAME,
    }
    return NameMatch(name.key, why[name.kind], name.name)


def _members(index: NameIndex, key: str) -> Iterator[NameMatch]:
    page = index.pages[key]
    why = {"drug_class": MatchKind.CLASS, "condition": MatchKind.CONDITION}.get(page.kind)
    if why:
        for member in index.members.get(key, ())[: MAX_NAMED * 2]:
            yield NameMatch(member, why, page.title)


def _unique(matches: Iterable[NameMatch]) -> list[NameMatch]:
    first: dict[str, NameMatch] = {}
    for match in matches:
        first.setdefault(match.key, match)
        if len(first) > MAX_NAMED:
            break
    return list(first.values())


def _word_by_word(
    index: NameIndex, typed: str, words: list[str], near: tuple[SimilarName, ...], *, exact: bool
) -> QueryInterpretation:
    """A query of several words, some of which name medicines: *revlamid and pregnancy*."""
    meant, others, about = [], [], []
    for word in words:
        spelt = normalise(word)
        named = [n for n in index.exactly(spelt) if n.kind is not NameKind.PART] if spelt else []
        guess = None
        if not named and not exact and len(spelt) > SHORTEST_GUESS:
            guess = next((n for n in index.near(spelt, 1) if n.similarity >= MEANT_WORD), None)
        name = named[0] if named else guess.name if guess else None
        if name:
            about.append(name.key)
        else:
            others.append(word)
        meant.append(name.name if guess and name else word)
    return QueryInterpretation(
        typed,
        near=near,
        meant="" if meant == words else " ".join(meant),
        about=tuple(about),
        others=" ".join(others),
    )

"""The answer to a search: which pages, in which order, and why each of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from monographs.public import queries_sql as reading_sql
from monographs.public.queries import PageResult, fetch_page
from monographs.public.search import highlighting, search_queries
from monographs.public.search.highlighting import HighlightedRun
from monographs.public.search.index_sync import IndexSnapshot, Standing, fetch_with_index
from monographs.public.search.name_match import MatchKind, QueryInterpretation, interpret_query

#: Longer than any name of a medicine; what is typed beyond it is not looked for.
MAX_QUERY = 100
#: Pages found by their text, and how many passages are ranked to choose them.
MAX_PASSAGES, RANKED = 10, 400
#: Which of the meanings in ``search_queries.MEANINGS`` says the words as they were typed.
AS_TYPED = 1

_REASONS = {
    MatchKind.NAME: _("Name"),
    MatchKind.BRAND_NAME: _("Brand name"),
    MatchKind.CODE: _("Code"),
    MatchKind.PART_OF_NAME: _("Part of a name"),
    MatchKind.CLASS: _("Drug class"),
    MatchKind.CONDITION: _("Used for"),
    MatchKind.TEXT: _("In the text"),
    MatchKind.SIMILAR_NAME: _("A name like it"),
}


@dataclass(frozen=True, slots=True)
class MatchReason:
    """Why a page was found: a name, or words of its text (``runs``, under ``heading``)."""

    kind: MatchKind
    label: str = ""
    heading: str = ""
    runs: tuple[HighlightedRun, ...] = ()

    @property
    def words(self) -> str:
        """Why, in the words of the page of results, before the name."""
        return str(_REASONS[self.kind])

    def as_record(self) -> dict[str, Any]:
        """Plain data for programs."""
        text = [{"text": run.text, "marked": run.marked} for run in self.runs]
        return {"kind": self.kind.value, "label": self.label, "heading": self.heading, "text": text}


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page that was found. ``anchor`` is the section that was, or empty."""

    slug: str
    name: str
    brand_names: tuple[str, ...]
    path: str
    kind: str
    summary: str
    why: MatchReason
    anchor: str = ""

    @property
    def address(self) -> str:
        """Where it is read, at the section that was found."""
        return f"{self.path}#{self.anchor}" if self.anchor else self.path

    def as_record(self) -> dict[str, Any]:
        """Plain data for programs."""
        return {
            "slug": self.slug,
            "name": self.name,
            "brand_names": list(self.brand_names),
            "path": self.path,
            "anchor": self.anchor,
            "kind": self.kind,
            "summary": self.summary,
            "why": self.why.as_record(),
        }


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """What was found for ``query``, or for ``corrected`` if nothing was and something like it is."""

    query: str
    corrected: str | None = None
    results: tuple[SearchResult, ...] = ()
    #: More pages fit than are listed.
    cut: bool = False
    #: When nothing fits: pages with the nearest names.
    nearest: tuple[SearchResult, ...] = ()
    #: Letters under which A to Z lists something.
    letters: frozenset[str] = frozenset()

    def as_record(self) -> dict[str, Any]:
        """Plain data for programs."""
        return {
            "query": self.query,
            "corrected": self.corrected,
            "results": [result.as_record() for result in self.results],
        }


def search(query: str, *, exact: bool = False) -> dict[str, Any]:
    """Pages for ``query``, best first, as programs read them: see ``SearchAnswer.as_record``.

    Only what is public now. ``exact`` looks for what was typed and nothing like it.
    """
    return answer(query, exact=exact)[0].as_record()


def answer(query: str, *, exact: bool = False) -> tuple[SearchAnswer, PageResult]:
    """Pages for ``query``, and what frames them. One database query, and one more to mark words in texts."""
    typed = cleaned(query)

    def look(known: IndexSnapshot) -> tuple[tuple[QueryInterpretation, PageResult], Standing]:
        made = interpret_query(known.index, typed, exact=exact)
        parameters = {**known.parameters, **_words(made), "keys": made.keys}
        found = fetch_page(
            "",
            None,
            search_queries.SEARCH if typed else reading_sql.NOTHING,
            reading_sql.STANDING,
            parameters,
        )
        return (made, found), found.standing

    (made, found), known = fetch_with_index(look)
    letters = frozenset(known.index.by_letter)
    return _AnswerBuilder(made, found.rows or {}).answer(letters), found


def cleaned(query: str) -> str:
    """What was typed, on one line, without what no name has."""
    printable = "".join(c if c.isprintable() else " " for c in query[: MAX_QUERY * 4])
    return " ".join(printable.split())[:MAX_QUERY].strip()


def _words(made: QueryInterpretation) -> dict[str, Any]:
    """A plan as ``search_queries.MEANINGS`` is asked with it."""
    meant = made.meant or (made.guess.name.name if made.guess else "")
    return {
        "typed": made.typed,
        "meant": meant,
        "any": made.others,
        "about": list(made.about),
        "ranked": RANKED,
        "passages": MAX_PASSAGES,
    }


@dataclass
class _AnswerBuilder:
    """Puts together what names and texts found."""

    made: QueryInterpretation
    rows: Mapping[str, Any]
    taken: set[str] = field(default_factory=set)

    def answer(self, letters: frozenset[str]) -> SearchAnswer:
        """The whole answer."""
        made = self.made
        passages: Sequence[Mapping[str, Any]] = self.rows.get("passages") or ()
        literally = bool(made.matches) or bool(passages and passages[0]["tier"] == AS_TYPED)
        corrected = None if literally else self._corrected()
        results = [
            *self._named(),
            *([] if literally else self._guessed()),
            *self._in_texts([] if made.cut else passages),
            *self._mentioned(),
            *(self._guessed() if literally else []),
        ]
        nearest = () if results else tuple(self._nearest())
        return SearchAnswer(made.typed, corrected, tuple(results), made.cut, nearest, letters)

    @property
    def _pages(self) -> dict[str, Mapping[str, Any]]:
        return {row["key"]: row for row in self.rows.get("pages") or ()}

    def _corrected(self) -> str | None:
        guess = self.made.guess
        if guess and guess.name.key in self._pages:
            return guess.name.name
        return self.made.meant or None

    def _result(self, key: str, why: MatchReason) -> Iterator[SearchResult]:
        row = self._pages.get(key)
        if row and key not in self.taken:
            self.taken.add(key)
            yield _result(row, why)

    def _named(self) -> Iterator[SearchResult]:
        for match in self.made.matches:
            yield from self._result(match.key, MatchReason(match.why, match.label))

    def _guessed(self) -> Iterator[SearchResult]:
        for near in self.made.close:
            yield from self._result(near.name.key, MatchReason(MatchKind.SIMILAR_NAME, near.name.name))

    def _nearest(self) -> Iterator[SearchResult]:
        for near in self.made.near:
            yield from self._result(near.name.key, MatchReason(MatchKind.SIMILAR_NAME, near.name.name))

    def _in_texts(self, passages: Sequence[Mapping[str, Any]]) -> Iterator[SearchResult]:
        wanted = [row for row in passages if row["key"] not in self.taken]
        for row, (heading, runs) in zip(
            wanted, highlighting.highlighted_passages(wanted, _words(self.made)), strict=True
        ):
            self.taken.add(row["key"])
            yield _result(row, MatchReason(MatchKind.TEXT, heading=heading, runs=runs), row["section"])

    def _mentioned(self) -> Iterator[SearchResult]:
        for key in self.made.about:
            if row := self._pages.get(key):
                yield from self._result(key, MatchReason(MatchKind.NAME, row["title"]))


def _result(row: Mapping[str, Any], why: MatchReason, anchor: str = "") -> SearchResult:
    return SearchResult(
        slug=row["slug"],
        name=row["title"],
        brand_names=tuple(row["brand_names"]),
        path=row["path"],
        kind=row["kind"],
        summary=row["summary"],
        why=why,
        anchor=anchor,
    )

"""The answer to a search: which pages, in which order, and why each of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from monographs.reading import sql as reading_sql
from monographs.reading.finding import marking, sql
from monographs.reading.finding.following import Known, Standing, settled
from monographs.reading.finding.marking import Run
from monographs.reading.finding.matching import Plan, Why, plan
from monographs.reading.lookup import Found, ask

#: Longer than any name of a medicine; what is typed beyond it is not looked for.
MAX_QUERY = 100
#: Pages found by their text, and how many passages are ranked to choose them.
MAX_PASSAGES, RANKED = 10, 400
#: Which of the meanings in ``sql.MEANINGS`` says the words as they were typed.
AS_TYPED = 1

_REASONS = {
    Why.NAME: _("Name"),
    Why.BRAND_NAME: _("Brand name"),
    Why.CODE: _("Code"),
    Why.PART_OF_NAME: _("Part of a name"),
    Why.CLASS: _("Drug class"),
    Why.CONDITION: _("Used for"),
    Why.TEXT: _("In the text"),
    Why.SIMILAR_NAME: _("A name like it"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a page was found: a name, or words of its text (``runs``, under ``heading``)."""

    kind: Why
    label: str = ""
    heading: str = ""
    runs: tuple[Run, ...] = ()

    @property
    def words(self) -> str:
        """Why, in the words of the page of results, before the name."""
        return str(_REASONS[self.kind])

    def as_record(self) -> dict[str, Any]:
        """Plain data for programs."""
        text = [{"text": run.text, "marked": run.marked} for run in self.runs]
        return {"kind": self.kind.value, "label": self.label, "heading": self.heading, "text": text}


@dataclass(frozen=True, slots=True)
class Result:
    """One page that was found. ``anchor`` is the section that was, or empty."""

    slug: str
    name: str
    brand_names: tuple[str, ...]
    path: str
    kind: str
    summary: str
    why: Reason
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
class Answer:
    """What was found for ``query``, or for ``corrected`` if nothing was and something like it is."""

    query: str
    corrected: str | None = None
    results: tuple[Result, ...] = ()
    #: More pages fit than are listed.
    cut: bool = False
    #: When nothing fits: pages with the nearest names.
    nearest: tuple[Result, ...] = ()
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
    """Pages for ``query``, best first, as programs read them: see ``Answer.as_record``.

    Only what is public now. ``exact`` looks for what was typed and nothing like it.
    """
    return answer(query, exact=exact)[0].as_record()


def answer(query: str, *, exact: bool = False) -> tuple[Answer, Found]:
    """Pages for ``query``, and what frames them. One database query, and one more to mark words in texts."""
    typed = cleaned(query)

    def look(known: Known) -> tuple[tuple[Plan, Found], Standing]:
        made = plan(known.index, typed, exact=exact)
        parameters = {**known.parameters, **_words(made), "keys": made.keys}
        found = ask("", None, sql.SEARCH if typed else reading_sql.NOTHING, reading_sql.STANDING, parameters)
        return (made, found), found.standing

    (made, found), known = settled(look)
    letters = frozenset(known.index.by_letter)
    return _Answering(made, found.rows or {}).answer(letters), found


def cleaned(query: str) -> str:
    """What was typed, on one line, without what no name has."""
    printable = "".join(c if c.isprintable() else " " for c in query[: MAX_QUERY * 4])
    return " ".join(printable.split())[:MAX_QUERY].strip()


def _words(made: Plan) -> dict[str, Any]:
    """A plan as ``sql.MEANINGS`` is asked with it."""
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
class _Answering:
    """Puts together what names and texts found."""

    made: Plan
    rows: Mapping[str, Any]
    taken: set[str] = field(default_factory=set)

    def answer(self, letters: frozenset[str]) -> Answer:
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
        return Answer(made.typed, corrected, tuple(results), made.cut, nearest, letters)

    @property
    def _pages(self) -> dict[str, Mapping[str, Any]]:
        return {row["key"]: row for row in self.rows.get("pages") or ()}

    def _corrected(self) -> str | None:
        guess = self.made.guess
        if guess and guess.name.key in self._pages:
            return guess.name.name
        return self.made.meant or None

    def _result(self, key: str, why: Reason) -> Iterator[Result]:
        row = self._pages.get(key)
        if row and key not in self.taken:
            self.taken.add(key)
            yield _result(row, why)

    def _named(self) -> Iterator[Result]:
        for match in self.made.matches:
            yield from self._result(match.key, Reason(match.why, match.label))

    def _guessed(self) -> Iterator[Result]:
        for near in self.made.close:
            yield from self._result(near.name.key, Reason(Why.SIMILAR_NAME, near.name.name))

    def _nearest(self) -> Iterator[Result]:
        for near in self.made.near:
            yield from self._result(near.name.key, Reason(Why.SIMILAR_NAME, near.name.name))

    def _in_texts(self, passages: Sequence[Mapping[str, Any]]) -> Iterator[Result]:
        wanted = [row for row in passages if row["key"] not in self.taken]
        for row, (heading, runs) in zip(wanted, marking.marked(wanted, _words(self.made)), strict=True):
            self.taken.add(row["key"])
            yield _result(row, Reason(Why.TEXT, heading=heading, runs=runs), row["section"])

    def _mentioned(self) -> Iterator[Result]:
        for key in self.made.about:
            if row := self._pages.get(key):
                yield from self._result(key, Reason(Why.NAME, row["title"]))


def _result(row: Mapping[str, Any], why: Reason, anchor: str = "") -> Result:
    return Result(
        slug=row["slug"],
        name=row["title"],
        brand_names=tuple(row["brand_names"]),
        path=row["path"],
        kind=row["kind"],
        summary=row["summary"],
        why=why,
        anchor=anchor,
    )

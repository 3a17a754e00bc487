"""Run a search: find pages by name and by text, rank them, and say why each was found."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from monographs.document.passages import DocumentPassage
from monographs.public import queries_sql
from monographs.public.queries import PageResult, fetch_page
from monographs.public.search import highlighting, search_queries
from monographs.public.search.answers import Answer
from monographs.public.search.asked_query import AskedQuery
from monographs.public.search.expansion import with_acronym
from monographs.public.search.help_box import HelpBox
from monographs.public.search.highlighting import HighlightedRun, Snippet
from monographs.public.search.index_sync import IndexSnapshot, LedgerState, fetch_with_index
from monographs.public.search.known_names import KnownName
from monographs.public.search.name_index import NameIndex, SimilarName
from monographs.public.search.name_match import (
    AbsentMedicine,
    MatchKind,
    QueryInterpretation,
    interpret_query,
)

#: Maximum characters of a query, longer than any name of a medicine; the rest is ignored.
MAX_QUERY_LENGTH = 100
#: Maximum pages found by their text, and the passages that are ranked to select them.
MAX_PASSAGES, MAX_RANKED_PASSAGES = 10, 400
#: Tier in ``search_queries.TSQUERIES`` of the query as it was typed; a lower one is other words for it.
AS_TYPED = 1

_LABELS = {
    MatchKind.NAME: _("Name"),
    MatchKind.BRAND_NAME: _("Brand name"),
    MatchKind.CODE: _("Code"),
    MatchKind.COMPONENT: _("One of its medicines"),
    MatchKind.OTHER_NAME: _("Also called"),
    MatchKind.PART_OF_NAME: _("Part of a name"),
    MatchKind.CLASS: _("Drug class"),
    MatchKind.CONDITION: _("Used for"),
    MatchKind.TEXT: _("In the text"),
    MatchKind.SIMILAR_NAME: _("A name like it"),
}


@dataclass(frozen=True, slots=True)
class MatchReason:
    """Why a page was found: by a name, or by words of its text (``runs`` of ``passage``)."""

    kind: MatchKind
    label: str = ""
    runs: tuple[HighlightedRun, ...] = ()
    passage: DocumentPassage | None = None

    @property
    def heading(self) -> str:
        """The heading of the section in which the words are."""
        return self.passage.section if self.passage else ""

    @property
    def words(self) -> str:
        """The reason as the results page labels it."""
        return str(_LABELS[self.kind])

    def as_record(self) -> dict[str, Any]:
        """Return plain data for the API."""
        text = [{"text": run.text, "marked": run.marked} for run in self.runs]
        if self.passage and (scope := scope_text(self.passage)):
            text.insert(0, {"text": f"{scope}: ", "marked": False})
        urgency = self.passage.urgency if self.passage else None
        return {
            "kind": self.kind.value,
            "label": self.label,
            "heading": self.heading,
            "urgency": urgency.value if urgency else None,
            "text": text,
        }


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A page that was found. ``anchor`` is the matching section, or empty."""

    slug: str
    name: str
    brand_names: tuple[str, ...]
    path: str
    kind: str
    summary: str
    why: MatchReason
    anchor: str = ""
    drug_class: str = ""
    #: Of a page that was withdrawn: why, and what to do.
    reason: str = ""
    advice: str = ""

    @property
    def address(self) -> str:
        """Path of the page, with the fragment of the matching section."""
        return f"{self.path}#{self.anchor}" if self.anchor else self.path

    def as_record(self) -> dict[str, Any]:
        """Return plain data for the API."""
        return {
            "slug": self.slug,
            "name": self.name,
            "brand_names": list(self.brand_names),
            "path": self.path,
            "anchor": self.anchor,
            "kind": self.kind,
            "summary": self.summary,
            "why": self.why.as_record(),
            "withdrawn": {"reason": self.reason, "advice": self.advice} if self.reason else None,
        }


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """The results for ``query``, or for ``corrected`` if that is unmistakably what was meant."""

    query: str
    corrected: str | None = None
    results: tuple[SearchResult, ...] = ()
    #: Whether more pages match than are listed.
    truncated: bool = False
    #: The medicine without a page that the query names.
    absent: AbsentMedicine | None = None
    #: What the query may mean: pages, and medicines without a page.
    did_you_mean: tuple[SearchResult, ...] = ()
    others: tuple[KnownName, ...] = ()
    #: Letters under which the A to Z has names.
    letters: frozenset[str] = frozenset()
    #: What the pages of the medicines in a question say to it.
    answers: tuple[Answer, ...] = ()
    #: Telephone lines that are shown before all else.
    help: HelpBox | None = None
    #: Whether it is a question that names no medicine of ours.
    lacks_medicine: bool = False
    #: Whether names and words like those typed may be offered.
    may_be_guessed: bool = True

    @property
    def listed(self) -> tuple[SearchResult, ...]:
        """The results without the pages whose passages are shown as answers."""
        shown = {answer.path for answer in self.answers if answer.passages}
        return tuple(result for result in self.results if result.path not in shown)

    def as_record(self) -> dict[str, Any]:
        """Return plain data for the API."""
        return {
            "query": self.query,
            "corrected": self.corrected,
            "known_but_absent": self.absent.known.shown if self.absent else None,
            "did_you_mean": [result.why.label for result in self.did_you_mean],
            "other_medicines": [known.shown for known in self.others],
            "results": [result.as_record() for result in (*self.did_you_mean, *self.results)],
            "answers": [answer.as_record() for answer in self.answers],
            "help": self.help.as_record() if self.help else None,
        }


def search(query: str, *, exact: bool = False) -> dict[str, Any]:
    """Return the public pages that match ``query``, best first, as ``SearchAnswer.as_record`` does.

    ``exact`` leaves out similar names.
    """
    return find_pages(query, exact=exact)[0].as_record()


def find_pages(query: str, *, exact: bool = False) -> tuple[SearchAnswer, PageResult]:
    """Return the results for ``query`` and the frame of the page.

    Takes one database query, and a second one to highlight words if pages were found by their text, or if
    nothing was found and the query may be a misspelt name: comparing it with all names takes longer.
    """
    cleaned = clean_query(query)

    def run_query(snapshot: IndexSnapshot) -> tuple[tuple[QueryMeaning, PageResult], LedgerState]:
        index = snapshot.index
        asked = AskedQuery.read(index, cleaned, exact=exact)
        interpretation = interpret_query(index, cleaned, exact=True)
        if interpretation.absent:  # a question about another medicine is none about one of ours
            asked = AskedQuery.read(index, cleaned, exact=True)
        found = QueryMeaning(with_acronym(index, cleaned, interpretation), asked)
        page = _fetch(found, snapshot)
        may_be_misspelt = not (exact or interpretation.names_something or found.finds_text(page.rows or {}))
        if may_be_misspelt and asked.may_be_guessed:
            similar = with_acronym(index, cleaned, interpret_query(index, cleaned))
            if similar != found.interpretation:
                found = QueryMeaning(similar, asked)
                page = _fetch(found, snapshot)
        return (found, page), page.ledger_state

    (found, page), snapshot = fetch_with_index(run_query)
    letters = frozenset(snapshot.index.names_by_letter)
    return _AnswerBuilder(found.interpretation, found, page.rows or {}, snapshot.index).build(letters), page


def _fetch(found: "QueryMeaning", snapshot: IndexSnapshot) -> PageResult:
    """Fetch what a query means, and the frame of the page."""
    return fetch_page(
        "",
        None,
        search_queries.SEARCH if found.interpretation.query else queries_sql.NULL_JSON,
        queries_sql.LEDGER_STATE,
        {**snapshot.parameters, **found.parameters},
    )


def clean_query(query: str) -> str:
    """Return a query on one line, without unprintable characters, cut to ``MAX_QUERY_LENGTH``."""
    printable = "".join(c if c.isprintable() else " " for c in query[: MAX_QUERY_LENGTH * 4])
    return " ".join(printable.split())[:MAX_QUERY_LENGTH].strip()


@dataclass(frozen=True, slots=True)
class QueryMeaning:
    """What a query means: by the names in it, and as a question."""

    interpretation: QueryInterpretation
    asked: AskedQuery

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters of ``search_queries.SEARCH`` and ``HIGHLIGHTS``."""
        interpretation = self.interpretation
        correction = interpretation.correction
        return {
            **self.asked.parameters,
            "keys": list(dict.fromkeys([*interpretation.keys, *self.asked.medicine_keys])),
            "query": interpretation.query,
            "corrected_query": interpretation.corrected_query or (correction.name.name if correction else ""),
            "other_words": interpretation.other_words,
            "named_keys": list(interpretation.named_keys),
            "ranked": MAX_RANKED_PASSAGES,
            "passages": MAX_PASSAGES,
        }

    def finds_text(self, rows: Mapping[str, Any]) -> bool:
        """Whether its words occur in texts as typed, and no medicine that it asks about answers it."""
        passages: Sequence[Mapping[str, Any]] = rows.get("passages") or ()
        return bool(passages) and passages[0]["tier"] <= AS_TYPED and not self.asked.medicine_keys


@dataclass
class _AnswerBuilder:
    """Combines the pages found by name and by text into a ranked answer without duplicates."""

    interpretation: QueryInterpretation
    found: QueryMeaning
    rows: Mapping[str, Any]
    index: NameIndex
    used_keys: set[str] = field(default_factory=set)

    def build(self, letters: frozenset[str]) -> SearchAnswer:
        """Return the answer."""
        interpretation = self.interpretation
        asked = self.found.asked
        answers = asked.answers(self.rows)
        # The page of a medicine answers a question about it; words of it on other pages would not
        by_text = asked.may_be_guessed and not answers
        passages: Sequence[Mapping[str, Any]] = self.rows.get("passages") or () if by_text else ()
        as_typed = bool(interpretation.matches) or bool(passages and passages[0]["tier"] <= AS_TYPED)
        # A word that occurs in texts is no misspelt name
        corrected, offered, others = (None, (), ()) if as_typed else self._meant()
        results = [
            *self._by_answer(answers),
            *self._by_name(),
            *(self._by_similar(interpretation.correction) if corrected else ()),
            *self._by_text([] if interpretation.truncated else passages),
            *self._by_word(),
            *self._by_question(),
        ]
        return SearchAnswer(
            query=interpretation.query,
            corrected=corrected,
            results=tuple(results),
            truncated=interpretation.truncated,
            absent=interpretation.absent,
            did_you_mean=offered,
            others=others,
            letters=letters,
            answers=answers,
            help=asked.help,
            lacks_medicine=asked.lacks_medicine,
            may_be_guessed=asked.may_be_guessed,
        )

    def _meant(self) -> tuple[str | None, tuple[SearchResult, ...], tuple[KnownName, ...]]:
        """Return the corrected query, or else the pages and the other medicines that it may mean."""
        interpretation = self.interpretation
        correction = interpretation.correction
        if correction and correction.name.key in self._pages:
            return correction.name.name, (), ()
        offered = [result for name in interpretation.offered for result in self._by_similar(name)]
        return interpretation.corrected_query or None, tuple(offered), interpretation.others

    @property
    def _pages(self) -> dict[str, Mapping[str, Any]]:
        return {row["key"]: row for row in self.rows.get("pages") or ()}

    def _result(self, key: str, why: MatchReason) -> Iterator[SearchResult]:
        row = self._pages.get(key)
        if row and key not in self.used_keys:
            self.used_keys.add(key)
            yield replace(_result(row, why), drug_class=self._class_of(key))

    def _class_of(self, key: str) -> str:
        page = self.index.pages.get(key)
        drug_class = self.index.pages.get(page.class_key or "") if page else None
        return drug_class.title if drug_class else ""

    def _by_name(self) -> Iterator[SearchResult]:
        for match in self.interpretation.matches:
            yield from self._result(match.key, MatchReason(match.kind, match.label))

    def _by_similar(self, similar: SimilarName | None) -> Iterator[SearchResult]:
        if similar:
            yield from self._result(similar.name.key, MatchReason(MatchKind.SIMILAR_NAME, similar.name.name))

    def _by_text(self, passages: Sequence[Mapping[str, Any]]) -> Iterator[SearchResult]:
        new = [row for row in passages if row["key"] not in self.used_keys]
        snippets = highlighting.highlighted_passages(new, self.found.parameters)
        for row, snippet in zip(new, snippets, strict=True):
            self.used_keys.add(row["key"])
            # The anchor is the signed text's, not the index row's, so that no word of the index is shown
            yield _result(row, _by_passage(snippet), snippet.passage.anchor)

    def _by_answer(self, answers: Sequence[Answer]) -> Iterator[SearchResult]:
        for answer in answers:
            row = self._pages.get(answer.key)
            if row and answer.passages:
                self.used_keys.add(answer.key)
                first = answer.passages[0]
                yield _result(row, _by_passage(highlighting.whole(first)), first.anchor)

    def _by_question(self) -> Iterator[SearchResult]:
        for key in self.found.asked.medicine_keys:
            if row := self._pages.get(key):
                yield from self._result(key, MatchReason(MatchKind.NAME, row["title"]))

    def _by_word(self) -> Iterator[SearchResult]:
        for key in self.interpretation.named_keys:
            if row := self._pages.get(key):
                yield from self._result(key, MatchReason(MatchKind.NAME, row["title"]))


def scope_text(passage: DocumentPassage) -> str:
    """Return what the words of a passage depend on besides its headings: urgency, condition, *Do not*."""
    advised = {True: _("Do"), False: _("Do not"), None: ""}[passage.is_advised]
    return ": ".join(str(word) for word in (passage.urgency_label, passage.condition, advised) if word)


def _by_passage(snippet: Snippet) -> MatchReason:
    return MatchReason(MatchKind.TEXT, runs=snippet.runs, passage=snippet.passage)


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
        reason=row.get("reason", ""),
        advice=row.get("advice", ""),
    )

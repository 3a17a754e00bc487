"""Autocomplete: names that begin with what has been typed, or that it may be a misspelling of.

A name that is only similar is suggested as a question, and never while what has been typed is the
beginning of the name of another medicine.
"""

from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext

from monographs.public.db import fetch_row
from monographs.public.name_sort import normalise
from monographs.public.search import search_queries
from monographs.public.search.index_sync import IndexSnapshot, LedgerState, fetch_with_index
from monographs.public.search.indexed_name import IndexedName, NameKind
from monographs.public.search.known_names import known_names
from monographs.public.search.name_index import NameIndex
from monographs.public.search.near_miss import MARGIN, near_miss
from monographs.public.search.query_names import page_of
from monographs.public.search.service import clean_query

#: Short enough to be read at a glance, or read out by a screen reader.
MAX_SUGGESTIONS = 8
#: Minimum characters of a prefix that is matched against similar names.
MIN_FUZZY_LENGTH = 4
#: Minimum similarity of a name to one that is typed in full, and of the beginning of one to what is typed.
MIN_SIMILARITY, MIN_BEGINNING = 0.62, 0.7
#: Maximum known names that are looked up for a beginning.
MAX_KNOWN = 40


@dataclass(frozen=True, slots=True)
class SearchSuggestion:
    """A name and the path it leads to; for a brand name also its medicine.

    ``note`` says what the reader must know before choosing it: that it only looks like what was typed, or
    that its page was withdrawn.
    """

    name: str
    path: str
    kind: str
    medicine: str = ""
    note: str = ""

    def as_record(self) -> dict[str, str]:
        """Return plain data for JSON."""
        return asdict(self)


def suggest(query: str) -> list[SearchSuggestion]:
    """Return names that begin with ``query``, or that it may mean, in one database query."""
    normalised = normalise(clean_query(query))

    def run_query(snapshot: IndexSnapshot) -> tuple[list[SearchSuggestion], LedgerState]:
        names = _names(snapshot.index, normalised)
        similar = () if names else _similar_names(snapshot.index, normalised)
        keys = list({name.key for name in (*names, *similar)})
        row = fetch_row(search_queries.SUGGEST, {**snapshot.parameters, "keys": keys})
        pages = {page["key"]: page for page in row["pages"] or ()}
        suggestions = [_suggestion(name, pages[name.key]) for name in names if name.key in pages]
        asked = [_suggestion(name, pages[name.key], similar=True) for name in similar if name.key in pages]
        return [*suggestions, *asked], row["ledger_state"]

    return fetch_with_index(run_query)[0]


def _names(index: NameIndex, normalised: str) -> list[IndexedName]:
    """Return the names that begin with ``normalised``: of pages, then other names of their medicines."""
    if not normalised:
        return []
    found = index.with_prefix(normalised, MAX_SUGGESTIONS * 4)
    found.sort(key=lambda name: (name.kind is NameKind.PART, index.pages[name.key].kind != "monograph"))
    found = [name for name in found if name.kind is not NameKind.CODE or name.normalised == normalised]
    shown = {name.key for name in found}
    others = _other_names(index, normalised) if len(found) < MAX_SUGGESTIONS else []
    return _unique([*found, *(name for name in others if name.key not in shown)])


def _other_names(index: NameIndex, normalised: str) -> list[IndexedName]:
    """Return other names of medicines with a page, such as *Glivec*, the shortest first."""
    if len(normalised) < MIN_FUZZY_LENGTH:
        return []
    known = known_names().with_prefix(normalised, MAX_KNOWN)
    pages = [(name, page_of(index, name)) for name in sorted(known, key=lambda name: len(name.name))]
    return [
        IndexedName(normalise(name.name), name.shown, key, NameKind.OTHER_NAME) for name, key in pages if key
    ]


def _similar_names(index: NameIndex, normalised: str) -> list[IndexedName]:
    """Return the names that ``normalised`` may be a misspelling of, or of their beginning."""
    if len(normalised) < MIN_FUZZY_LENGTH or known_names().with_prefix(normalised, 1):
        return []
    meant = near_miss(index, normalised, MIN_SIMILARITY)
    whole = [meant.correction] if meant.correction else list(meant.offered)
    least = max(MIN_BEGINNING, _best_other_beginning(index, normalised) + MARGIN)
    begun = index.with_similar_prefix(normalised, MAX_SUGGESTIONS)
    return _unique([name.name for name in (*whole, *begun) if name in whole or name.similarity >= least])


def _best_other_beginning(index: NameIndex, normalised: str) -> float:
    """Return the similarity of the most similar beginning of the name of a medicine without a page."""
    found = known_names().with_similar_prefix(normalised, MAX_KNOWN)
    return max((name.similarity for name in found if page_of(index, name.known) is None), default=0)


def _unique(names: list[IndexedName]) -> list[IndexedName]:
    """Return each name once, and one other name of each page at most."""
    unique: dict[tuple[str, str], IndexedName] = {}
    for name in names:
        shown = "" if name.kind is NameKind.OTHER_NAME else name.normalised
        unique.setdefault((name.key, shown), name)
    return list(unique.values())[:MAX_SUGGESTIONS]


def _suggestion(name: IndexedName, page: dict[str, Any], *, similar: bool = False) -> SearchSuggestion:
    shown = page["title"] if name.kind in (NameKind.PART, NameKind.CODE) else name.name
    medicine = "" if shown == page["title"] else page["title"]
    note = gettext("page withdrawn") if page["reason"] else gettext("did you mean this?") if similar else ""
    return SearchSuggestion(shown, page["path"], page["kind"], medicine, note)

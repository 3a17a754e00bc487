"""Autocomplete: names that begin with what has been typed, or with something similar."""

from dataclasses import asdict, dataclass
from typing import Any

from monographs.public.db import fetch_row
from monographs.public.name_sort import normalise
from monographs.public.search import search_queries
from monographs.public.search.index_sync import IndexSnapshot, LedgerState, fetch_with_index
from monographs.public.search.name_index import IndexedName, NameIndex, NameKind
from monographs.public.search.service import clean_query

#: Short enough to be read at a glance, or read out by a screen reader.
MAX_SUGGESTIONS = 8
#: Minimum characters of a prefix that is matched against similar names.
MIN_FUZZY_LENGTH = 4
#: Minimum similarity of a suggested name.
MIN_SIMILARITY = 0.6


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name and the path it leads to; for a brand name also its medicine."""

    name: str
    path: str
    kind: str
    medicine: str = ""

    def as_record(self) -> dict[str, str]:
        """Return plain data for JSON."""
        return asdict(self)


def suggest(query: str) -> list[Suggestion]:
    """Return names that begin with ``query``, or with something similar, in one database query."""
    normalised = normalise(clean_query(query))

    def run_query(snapshot: IndexSnapshot) -> tuple[list[Suggestion], LedgerState]:
        names = _names(snapshot.index, normalised)
        keys = list({name.key for name in names})
        row = fetch_row(search_queries.SUGGEST, {**snapshot.parameters, "keys": keys})
        pages = {page["key"]: page for page in row["pages"] or ()}
        suggestions = [_suggestion(name, pages[name.key]) for name in names if name.key in pages]
        return suggestions, row["ledger_state"]

    return fetch_with_index(run_query)[0]


def _names(index: NameIndex, normalised: str) -> list[IndexedName]:
    if not normalised:
        return []
    found = index.with_prefix(normalised, MAX_SUGGESTIONS * 4)
    found.sort(key=lambda name: (name.kind is NameKind.PART, index.pages[name.key].kind != "monograph"))
    found = [name for name in found if name.kind is not NameKind.CODE or name.normalised == normalised]
    if not found and len(normalised) >= MIN_FUZZY_LENGTH:
        whole = [s for s in index.similar(normalised, MAX_SUGGESTIONS) if s.similarity >= MIN_SIMILARITY]
        prefixed = index.with_similar_prefix(normalised, MAX_SUGGESTIONS)
        likely = sorted([*whole, *prefixed], key=lambda similar: -similar.similarity)
        found = [similar.name for similar in likely if similar.similarity >= MIN_SIMILARITY]
    unique = {(name.key, name.normalised): name for name in reversed(found)}
    return list(reversed(unique.values()))[:MAX_SUGGESTIONS]


def _suggestion(name: IndexedName, page: dict[str, Any]) -> Suggestion:
    shown = page["title"] if name.kind in (NameKind.PART, NameKind.CODE) else name.name
    medicine = "" if shown == page["title"] else page["title"]
    return Suggestion(shown, page["path"], page["kind"], medicine)

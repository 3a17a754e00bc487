"""Names for what somebody has typed so far."""

from dataclasses import asdict, dataclass
from typing import Any

from monographs.public.db import only_row
from monographs.public.name_sort import normalise
from monographs.public.search import search_queries
from monographs.public.search.index_sync import IndexSnapshot, Standing, fetch_with_index
from monographs.public.search.name_index import IndexedName, NameIndex, NameKind
from monographs.public.search.service import cleaned

#: A list that is taken in at a glance, and that a screen reader reads out in one breath.
MAX_SUGGESTIONS = 8
#: From here on a beginning that no name has is taken for a misspelt one.
SHORTEST_GUESS = 4
LIKE_A_BEGINNING = 0.6


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name, where it leads, and for a brand the medicine it is of."""

    name: str
    path: str
    kind: str
    medicine: str = ""

    def as_record(self) -> dict[str, str]:
        """Plain data for the script of the page."""
        return asdict(self)


def suggest(query: str) -> list[Suggestion]:
    """Names that begin with ``query``, or with something like it; in one query of the database."""
    spelt = normalise(cleaned(query))

    def look(known: IndexSnapshot) -> tuple[list[Suggestion], Standing]:
        names = _names(known.index, spelt)
        keys = list({name.key for name in names})
        found = only_row(search_queries.SUGGEST, {**known.parameters, "keys": keys})
        pages = {row["key"]: row for row in found["pages"] or ()}
        shown = [_suggestion(name, pages[name.key]) for name in names if name.key in pages]
        return shown, found["standing"]

    return fetch_with_index(look)[0]


def _names(index: NameIndex, spelt: str) -> list[IndexedName]:
    if not spelt:
        return []
    found = index.beginning(spelt, MAX_SUGGESTIONS * 4)
    found.sort(key=lambda name: (name.kind is NameKind.PART, index.pages[name.key].kind != "monograph"))
    found = [name for name in found if name.kind is not NameKind.CODE or name.spelt == spelt]
    if not found and len(spelt) >= SHORTEST_GUESS:
        whole = [near for near in index.near(spelt, MAX_SUGGESTIONS) if near.similarity >= LIKE_A_BEGINNING]
        begun = index.near_beginning(spelt, MAX_SUGGESTIONS)
        likely = sorted([*whole, *begun], key=lambda near: -near.similarity)
        found = [near.name for near in likely if near.similarity >= LIKE_A_BEGINNING]
    unique = {(name.key, name.spelt): name for name in reversed(found)}
    return list(reversed(unique.values()))[:MAX_SUGGESTIONS]


def _suggestion(name: IndexedName, page: dict[str, Any]) -> Suggestion:
    shown = page["title"] if name.kind in (NameKind.PART, NameKind.CODE) else name.name
    medicine = "" if shown == page["title"] else page["title"]
    return Suggestion(shown, page["path"], page["kind"], medicine)

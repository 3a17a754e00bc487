"""Paginated lists of medicines, classes and conditions.

The name index decides which pages are listed; what is shown of them is read from the current editions.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from operator import attrgetter
from typing import TypeVar

from monographs.document.models import CollectionType
from monographs.public import queries_sql
from monographs.public.list_context import (
    AtoZ,
    AtoZGroup,
    AtoZName,
    ListContext,
    ListEntry,
    ListPage,
    alphabet_row,
)
from monographs.public.name_sort import LETTERS
from monographs.public.queries import HOME, PageResult, fetch_page
from monographs.public.search.index_sync import IndexSnapshot, LedgerState, fetch_with_index
from monographs.public.search.indexed_name import IndexedName
from monographs.public.search.name_index import NameIndex

#: Names of the A to Z on one page; up to as many are shown without choosing a letter.
NAMES_PER_PAGE = 200
#: Medicines, classes or conditions on one page, with their summaries.
ENTRIES_PER_PAGE = 100
#: Maximum pages of one letter that are listed before a letter is chosen; of more, the first is linked.
PAGES_PER_LETTER = 8
#: Maximum classes, and conditions, on the home page; their headings link to the full lists.
ENTRIES_ON_HOME_PAGE = 40

MEDICINES, CLASSES, CONDITIONS = (f"/{collection}/" for collection in CollectionType)
_KINDS = {CLASSES: "drug_class", CONDITIONS: "condition"}
_NAME = attrgetter("name")
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class ListSelection:
    """The part of a long list that a request asks for: a letter, and a page from 1."""

    letter: str = ""
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "ListSelection":
        """Parse the selection from a query string. An invalid page number counts as 1."""
        page = query.get("page", "")
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1  # noqa: PLR2004
        return cls(query.get("letter", "").strip().upper(), max(number, 1))


@dataclass(frozen=True, slots=True)
class ListedPages:
    """The content of a list: keys of pages in order, or names by letter, and its pages."""

    keys: tuple[str, ...] = ()
    list_pages: tuple[ListPage, ...] = ()
    letters: frozenset[str] = frozenset()
    chosen_letter: str = ""
    unknown_letter: bool = False
    groups: tuple[tuple[str, tuple[IndexedName, ...], tuple[ListPage, ...]], ...] = ()

    @property
    def all_keys(self) -> list[str]:
        """Keys of all listed pages, each once."""
        named = (name.key for _, names, _ in self.groups for name in names)
        return list(dict.fromkeys(chain(self.keys, named)))

    @property
    def fingerprint(self) -> str:
        """A string that differs whenever the list differs in more than its entries, for the entity tag."""
        return repr(
            (sorted(self.letters), self.chosen_letter, self.unknown_letter, self.list_pages, self.groups)
        )


def fetch_listed(path: str, selection: ListSelection) -> tuple[PageResult, ListedPages]:
    """Fetch the page at ``path`` with its list, in one query unless a publication was set meanwhile."""

    def run_query(snapshot: IndexSnapshot) -> tuple[tuple[PageResult, ListedPages], LedgerState]:
        listed = listed_pages_of(snapshot.index, path, selection)
        parameters = {**snapshot.parameters, "keys": listed.all_keys}
        found = fetch_page(path, None, queries_sql.PAGES_BY_KEY, queries_sql.LEDGER_STATE, parameters)
        return (found, listed), found.ledger_state

    return fetch_with_index(run_query)[0]


def listed_pages_of(index: NameIndex, path: str, selection: ListSelection) -> ListedPages:
    """Return the list of the page at ``path``."""
    if path == HOME:
        first = (index.member_keys(kind)[:ENTRIES_ON_HOME_PAGE] for kind in _KINDS.values())
        return ListedPages(keys=tuple(chain.from_iterable(first)), letters=frozenset(index.names_by_letter))
    if path == MEDICINES:
        return _a_to_z(index, selection)
    if path in _KINDS:
        return _entries(index, index.member_keys(_KINDS[path]), selection)
    return _entries(index, index.member_keys(index.key_by_path.get(path, "")), selection)


def list_context_of(listed: ListedPages, found: PageResult) -> ListContext:
    """Return the lists of a page as template data."""
    by_key = {entry.key: entry for entry in map(ListEntry.from_row, found.rows)}
    entries = [by_key[key] for key in listed.keys if key in by_key]
    kinds = {kind: tuple(e for e in entries if e.kind == kind) for kind in ("monograph", *_KINDS.values())}
    letters = alphabet_row(listed.letters, listed.chosen_letter)
    return ListContext(
        about=found.about,
        medicines=kinds["monograph"],
        classes=kinds["drug_class"],
        conditions=kinds["condition"],
        letters=letters,
        list_pages=listed.list_pages,
        a_to_z=AtoZ(
            letters,
            tuple(
                AtoZGroup(letter, tuple(_names_shown(names, by_key)), list_pages)
                for letter, names, list_pages in listed.groups
            ),
            chosen_letter=listed.chosen_letter,
            unknown_letter=listed.unknown_letter,
        ),
    )


def _names_shown(names: Sequence[IndexedName], by_key: Mapping[str, ListEntry]) -> list[AtoZName]:
    shown = []
    for name in names:
        entry = by_key.get(name.key)
        if entry is None:
            continue
        if name.name == entry.title:
            listed = AtoZName(entry.title, entry.path, brand_names=entry.brand_names)
        elif name.name in entry.brand_names:
            listed = AtoZName(name.name, entry.path, medicine=entry.title)
        else:
            continue
        shown.append(replace(listed, reason=entry.reason, advice=entry.advice))
    return shown


def _a_to_z(index: NameIndex, selection: ListSelection) -> ListedPages:
    letters = index.names_by_letter
    letter = selection.letter if selection.letter in LETTERS else ""
    listed = ListedPages(
        letters=frozenset(letters), chosen_letter=letter, unknown_letter=bool(selection.letter) and not letter
    )
    if letter:
        names = letters.get(letter, ())
        page, list_pages = _page(names, selection.page, NAMES_PER_PAGE, _NAME, letter)
        return replace(listed, groups=((letter, page, list_pages),) if names else (), list_pages=list_pages)
    present = [letter for letter in LETTERS if letter in letters]
    if sum(map(len, letters.values())) <= NAMES_PER_PAGE:
        return replace(listed, groups=tuple((letter, tuple(letters[letter]), ()) for letter in present))
    overview = []
    for letter in present:
        names = letters[letter]
        size = NAMES_PER_PAGE if len(names) <= PAGES_PER_LETTER * NAMES_PER_PAGE else len(names)
        overview.append((letter, (), _list_pages(names, size, _NAME, letter)))
    return replace(listed, groups=tuple(overview))


def _entries(index: NameIndex, keys: Sequence[str], selection: ListSelection) -> ListedPages:
    page, list_pages = _page(keys, selection.page, ENTRIES_PER_PAGE, lambda key: index.pages[key].title)
    return ListedPages(keys=page, list_pages=list_pages)


def _page(
    items: Sequence[Item], number: int, size: int, name_of: Callable[[Item], str], letter: str = ""
) -> tuple[tuple[Item, ...], tuple[ListPage, ...]]:
    """Return page ``number`` of ``items``, or the last page, and links to the pages if there are several."""
    last = max(-(-len(items) // size), 1)
    number = min(number, last)
    list_pages = _list_pages(items, size, name_of, letter, number) if last > 1 else ()
    return tuple(items[(number - 1) * size : number * size]), list_pages


def _list_pages(
    items: Sequence[Item], size: int, name_of: Callable[[Item], str], letter: str = "", chosen: int = 0
) -> tuple[ListPage, ...]:
    starts = range(0, len(items), size)
    neighbours = {chosen - 1: "before", chosen + 1: "after"} if chosen else {}
    return tuple(
        ListPage(
            number,
            name_of(items[start]),
            name_of(items[min(start + size, len(items)) - 1]),
            letter,
            chosen=number == chosen,
            neighbour=neighbours.get(number, ""),
        )
        for number, start in enumerate(starts, 1)
    )

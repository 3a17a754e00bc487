"""Which medicines, classes and conditions a page lists, a bounded number at a time.

What is on a page is decided by the index of names; what is shown is read from the current editions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from monographs.document.models import CollectionType
from monographs.public import queries_sql
from monographs.public.list_context import (
    AtoZ,
    AtoZGroup,
    AtoZName,
    ListContext,
    ListEntry,
    ListPage,
    letter_row,
)
from monographs.public.name_sort import LETTERS
from monographs.public.queries import HOME, PageResult, fetch_page
from monographs.public.search.index_sync import IndexSnapshot, Standing, fetch_with_index
from monographs.public.search.name_index import IndexedName as IndexName
from monographs.public.search.name_index import NameIndex

#: Names of A to Z on one page; up to as many are shown without asking for a letter.
NAMES_ON_A_PAGE = 200
#: Medicines, classes or conditions on one page, with what each is.
ENTRIES_ON_A_PAGE = 100
#: Classes, and conditions, that the home page names; the heading leads to all.
ENTRIES_AT_HOME = 40

MEDICINES, CLASSES, CONDITIONS = (f"/{collection}/" for collection in CollectionType)
_KINDS = {CLASSES: "drug_class", CONDITIONS: "condition"}


@dataclass(frozen=True, slots=True)
class ListSelection:
    """What the reader asked to see of a long list: a letter, a page from 1."""

    letter: str = ""
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "ListSelection":
        """What an address asks for; a page that is no number is the first."""
        page = query.get("page", "")
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1  # noqa: PLR2004
        return cls(query.get("letter", "").strip().upper(), max(number, 1))


@dataclass(frozen=True, slots=True)
class ListedPages:
    """What a page lists: keys of pages in order, or names; and the ways to the rest of the list."""

    keys: tuple[str, ...] = ()
    steps: tuple[ListPage, ...] = ()
    letters: frozenset[str] = frozenset()
    asked: str = ""
    unknown_letter: bool = False
    groups: tuple[tuple[str, tuple[IndexName, ...], tuple[ListPage, ...]], ...] = ()

    @property
    def all_keys(self) -> list[str]:
        """Keys of every page that is named, each once."""
        named = (name.key for _, names, _ in self.groups for name in names)
        return list(dict.fromkeys(chain(self.keys, named)))

    @property
    def fingerprint(self) -> str:
        """Differs when anything does that entries alone do not show."""
        return repr((sorted(self.letters), self.asked, self.unknown_letter, self.steps, self.groups))


def fetch_listed(path: str, choice: ListSelection) -> tuple[PageResult, ListedPages]:
    """The page at ``path`` and what it lists, in one query while nothing is published meanwhile."""

    def look(known: IndexSnapshot) -> tuple[tuple[PageResult, ListedPages], Standing]:
        shelf = listed_pages_of(known.index, path, choice)
        parameters = {**known.parameters, "keys": shelf.all_keys}
        found = fetch_page(path, None, queries_sql.OF_KEYS, queries_sql.STANDING, parameters)
        return (found, shelf), found.standing

    return fetch_with_index(look)[0]


def listed_pages_of(index: NameIndex, path: str, choice: ListSelection) -> ListedPages:
    """What the page at ``path`` lists."""
    if path == HOME:
        first = (index.of_kind.get(kind, ())[:ENTRIES_AT_HOME] for kind in _KINDS.values())
        return ListedPages(keys=tuple(chain.from_iterable(first)), letters=frozenset(index.by_letter))
    if path == MEDICINES:
        return _a_to_z(index, choice)
    if path in _KINDS:
        return _entries(index, index.of_kind.get(_KINDS[path], ()), choice)
    return _entries(index, index.members.get(index.keys.get(path, ""), ()), choice)


def list_context_of(shelf: ListedPages, found: PageResult) -> ListContext:
    """The lists of a page as its template shows them."""
    by_key = {entry.key: entry for entry in map(ListEntry.from_row, found.rows)}
    entries = [by_key[key] for key in shelf.keys if key in by_key]
    kinds = {kind: tuple(e for e in entries if e.kind == kind) for kind in ("monograph", *_KINDS.values())}
    letters = letter_row(shelf.letters, shelf.asked)
    return ListContext(
        about=found.about,
        medicines=kinds["monograph"],
        classes=kinds["drug_class"],
        conditions=kinds["condition"],
        letters=letters,
        steps=shelf.steps,
        a_to_z=AtoZ(
            letters,
            tuple(
                AtoZGroup(letter, tuple(_shown(names, by_key)), steps)
                for letter, names, steps in shelf.groups
            ),
            asked=shelf.asked,
            unknown_letter=shelf.unknown_letter,
        ),
    )


def _shown(names: Sequence[IndexName], by_key: Mapping[str, ListEntry]) -> list[AtoZName]:
    shown = []
    for name in names:
        entry = by_key.get(name.key)
        if entry and name.name == entry.title:
            shown.append(AtoZName(entry.title, entry.path, brand_names=entry.brand_names))
        elif entry and name.name in entry.brand_names:
            shown.append(AtoZName(name.name, entry.path, medicine=entry.title))
    return shown


def _a_to_z(index: NameIndex, choice: ListSelection) -> ListedPages:
    letters = index.by_letter
    asked = choice.letter if choice.letter in LETTERS else ""
    shelf = ListedPages(
        letters=frozenset(letters), asked=asked, unknown_letter=bool(choice.letter) and not asked
    )
    if asked:
        names = letters.get(asked, ())
        page, steps = _page(names, choice.page, NAMES_ON_A_PAGE, [n.name for n in names], asked)
        return replace(shelf, groups=((asked, page, steps),) if names else (), steps=steps)
    present = [letter for letter in LETTERS if letter in letters]
    if sum(map(len, letters.values())) <= NAMES_ON_A_PAGE:
        return replace(shelf, groups=tuple((letter, tuple(letters[letter]), ()) for letter in present))
    overview = []
    for letter in present:
        names = letters[letter]
        steps = _steps([n.name for n in names], NAMES_ON_A_PAGE, letter)
        overview.append((letter, (), steps))
    return replace(shelf, groups=tuple(overview))


def _entries(index: NameIndex, keys: Sequence[str], choice: ListSelection) -> ListedPages:
    titles = [index.pages[key].title for key in keys]
    page, steps = _page(keys, choice.page, ENTRIES_ON_A_PAGE, titles)
    return ListedPages(keys=page, steps=steps)


def _page(
    items: Sequence[str] | Sequence[IndexName],
    wanted: int,
    size: int,
    titles: Sequence[str],
    letter: str = "",
) -> tuple[tuple, tuple[ListPage, ...]]:
    """One page of ``items``, the last if there are not so many, and all pages if there are several."""
    last = max(-(-len(items) // size), 1)
    number = min(wanted, last)
    steps = _steps(titles, size, letter, number) if last > 1 else ()
    return tuple(items[(number - 1) * size : number * size]), steps


def _steps(titles: Sequence[str], size: int, letter: str = "", chosen: int = 0) -> tuple[ListPage, ...]:
    starts = range(0, len(titles), size)
    beside = {chosen - 1: "before", chosen + 1: "after"} if chosen else {}
    return tuple(
        ListPage(
            number,
            titles[start],
            titles[min(start + size, len(titles)) - 1],
            letter,
            chosen=number == chosen,
            beside=beside.get(number, ""),
        )
        for number, start in enumerate(starts, 1)
    )

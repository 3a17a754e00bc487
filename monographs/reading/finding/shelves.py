"""Which medicines, classes and conditions a page lists, a bounded number at a time.

What is on a page is decided by the index of names; what is shown is read from the current editions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from monographs.document.models import Collection
from monographs.reading import sql
from monographs.reading.finding.following import Known, Standing, settled
from monographs.reading.finding.index import Name as IndexName
from monographs.reading.finding.index import NameIndex
from monographs.reading.listing import AtoZ, Entry, Group, Listing, Name, Step, letter_row
from monographs.reading.lookup import HOME, Found, ask
from monographs.reading.names import LETTERS

#: Names of A to Z on one page; up to as many are shown without asking for a letter.
NAMES_ON_A_PAGE = 200
#: Medicines, classes or conditions on one page, with what each is.
ENTRIES_ON_A_PAGE = 100
#: Classes, and conditions, that the home page names; the heading leads to all.
ENTRIES_AT_HOME = 40

MEDICINES, CLASSES, CONDITIONS = (f"/{collection}/" for collection in Collection)
_KINDS = {CLASSES: "drug_class", CONDITIONS: "condition"}


@dataclass(frozen=True, slots=True)
class Choice:
    """What the reader asked to see of a long list: a letter, a page from 1."""

    letter: str = ""
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Choice":
        """What an address asks for; a page that is no number is the first."""
        page = query.get("page", "")
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1  # noqa: PLR2004
        return cls(query.get("letter", "").strip().upper(), max(number, 1))


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a page lists: keys of pages in order, or names; and the ways to the rest of the list."""

    keys: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    letters: frozenset[str] = frozenset()
    asked: str = ""
    unknown_letter: bool = False
    groups: tuple[tuple[str, tuple[IndexName, ...], tuple[Step, ...]], ...] = ()

    @property
    def all_keys(self) -> list[str]:
        """Keys of every page that is named, each once."""
        named = (name.key for _, names, _ in self.groups for name in names)
        return list(dict.fromkeys(chain(self.keys, named)))

    @property
    def fingerprint(self) -> str:
        """Differs when anything does that entries alone do not show."""
        return repr((sorted(self.letters), self.asked, self.unknown_letter, self.steps, self.groups))


def read_listed(path: str, choice: Choice) -> tuple[Found, Shelf]:
    """The page at ``path`` and what it lists, in one query while nothing is published meanwhile."""

    def look(known: Known) -> tuple[tuple[Found, Shelf], Standing]:
        shelf = shelf_of(known.index, path, choice)
        parameters = {**known.parameters, "keys": shelf.all_keys}
        found = ask(path, None, sql.OF_KEYS, sql.STANDING, parameters)
        return (found, shelf), found.standing

    return settled(look)[0]


def shelf_of(index: NameIndex, path: str, choice: Choice) -> Shelf:
    """What the page at ``path`` lists."""
    if path == HOME:
        first = (index.of_kind.get(kind, ())[:ENTRIES_AT_HOME] for kind in _KINDS.values())
        return Shelf(keys=tuple(chain.from_iterable(first)), letters=frozenset(index.by_letter))
    if path == MEDICINES:
        return _a_to_z(index, choice)
    if path in _KINDS:
        return _entries(index, index.of_kind.get(_KINDS[path], ()), choice)
    return _entries(index, index.members.get(index.keys.get(path, ""), ()), choice)


def listing_of(shelf: Shelf, found: Found) -> Listing:
    """The lists of a page as its template shows them."""
    by_key = {entry.key: entry for entry in map(Entry.from_row, found.rows)}
    entries = [by_key[key] for key in shelf.keys if key in by_key]
    kinds = {kind: tuple(e for e in entries if e.kind == kind) for kind in ("monograph", *_KINDS.values())}
    letters = letter_row(shelf.letters, shelf.asked)
    return Listing(
        about=found.about,
        medicines=kinds["monograph"],
        classes=kinds["drug_class"],
        conditions=kinds["condition"],
        letters=letters,
        steps=shelf.steps,
        a_to_z=AtoZ(
            letters,
            tuple(
                Group(letter, tuple(_shown(names, by_key)), steps) for letter, names, steps in shelf.groups
            ),
            asked=shelf.asked,
            unknown_letter=shelf.unknown_letter,
        ),
    )


def _shown(names: Sequence[IndexName], by_key: Mapping[str, Entry]) -> list[Name]:
    shown = []
    for name in names:
        entry = by_key.get(name.key)
        if entry and name.name == entry.title:
            shown.append(Name(entry.title, entry.path, brand_names=entry.brand_names))
        elif entry and name.name in entry.brand_names:
            shown.append(Name(name.name, entry.path, medicine=entry.title))
    return shown


def _a_to_z(index: NameIndex, choice: Choice) -> Shelf:
    letters = index.by_letter
    asked = choice.letter if choice.letter in LETTERS else ""
    shelf = Shelf(letters=frozenset(letters), asked=asked, unknown_letter=bool(choice.letter) and not asked)
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


def _entries(index: NameIndex, keys: Sequence[str], choice: Choice) -> Shelf:
    titles = [index.pages[key].title for key in keys]
    page, steps = _page(keys, choice.page, ENTRIES_ON_A_PAGE, titles)
    return Shelf(keys=page, steps=steps)


def _page(
    items: Sequence[str] | Sequence[IndexName],
    wanted: int,
    size: int,
    titles: Sequence[str],
    letter: str = "",
) -> tuple[tuple, tuple[Step, ...]]:
    """One page of ``items``, the last if there are not so many, and all pages if there are several."""
    last = max(-(-len(items) // size), 1)
    number = min(wanted, last)
    steps = _steps(titles, size, letter, number) if last > 1 else ()
    return tuple(items[(number - 1) * size : number * size]), steps


def _steps(titles: Sequence[str], size: int, letter: str = "", chosen: int = 0) -> tuple[Step, ...]:
    starts = range(0, len(titles), size)
    beside = {chosen - 1: "before", chosen + 1: "after"} if chosen else {}
    return tuple(
        Step(
            number,
            titles[start],
            titles[min(start + size, len(titles)) - 1],
            letter,
            chosen=number == chosen,
            beside=beside.get(number, ""),
        )
        for number, start in enumerate(starts, 1)
    )

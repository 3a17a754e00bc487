"""Lists as pages show them: medicines of a class, A to Z, history, search results."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from monographs.reading.names import LETTERS, OTHER, initial, normalise

#: Of names that contain what was typed; a list this long tells the reader to type more.
MAX_RESULTS = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that is public now, as a list names it."""

    title: str
    path: str
    kind: str = ""
    brand_names: tuple[str, ...] = ()
    summary: str = ""

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> "Entry":
        """The entry the database describes."""
        return cls(**{**row, "brand_names": tuple(row["brand_names"])})

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it may be looked for under, its own first."""
        return (self.title, *self.brand_names)


@dataclass(frozen=True, slots=True)
class Name:
    """One line of the A to Z: a medicine, or a brand name that leads to it (then ``medicine`` says which)."""

    name: str
    path: str
    medicine: str = ""
    brand_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """One step of the row of letters."""

    letter: str
    present: bool
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The names under one letter."""

    letter: str
    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class AtoZ:
    """The list of medicines, whole or one letter of it. ``asked`` is a letter we know, or empty."""

    letters: tuple[Letter, ...]
    groups: tuple[Group, ...]
    asked: str = ""
    unknown_letter: bool = False


@dataclass(frozen=True, slots=True)
class PastEdition:
    """One line of a page's history."""

    number: int
    published_at: datetime
    change_note: str
    review_kind: str
    last_reviewed: date
    restores: int | None
    reviewers: list[dict[str, str]]

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> "PastEdition":
        """The edition the database describes."""
        return cls(
            **{
                **row,
                "published_at": datetime.fromisoformat(row["published_at"]),
                "last_reviewed": date.fromisoformat(row["last_reviewed"]),
            }
        )


@dataclass(frozen=True, slots=True)
class ComparedEdition:
    """One of two editions that are compared. ``links``: where its pages are read today, by key."""

    number: int
    canonical: str
    published_at: datetime
    links: Mapping[str, str]

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> "ComparedEdition":
        """The edition the database describes."""
        published_at = datetime.fromisoformat(row["published_at"])
        return cls(**{**row, "published_at": published_at, "links": row["links"] or {}})


@dataclass(frozen=True, slots=True)
class Listing:
    """All lists a template may show; most pages have few of them."""

    about: tuple[Entry, ...] = ()
    medicines: tuple[Entry, ...] = ()
    classes: tuple[Entry, ...] = ()
    conditions: tuple[Entry, ...] = ()
    letters: tuple[Letter, ...] = ()
    a_to_z: AtoZ | None = None


def in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Entries by title, as a reader expects them whatever their case and accents."""
    return tuple(sorted(entries, key=lambda e: (normalise(e.title), e.path)))


def letter_row(names: Iterable[str], chosen: str = "") -> tuple[Letter, ...]:
    """A to Z, saying which letters have names; names without a letter add a last step."""
    present = {initial(name) for name in names}
    return tuple(
        Letter(letter, letter in present, letter == chosen)
        for letter in LETTERS
        if letter != OTHER or OTHER in present
    )


def a_to_z(entries: Sequence[Entry], wanted: str = "") -> AtoZ:
    """Medicines and their brand names under their letters; only one letter's when ``wanted`` is one."""
    asked = wanted.strip().upper()
    known = asked if asked in LETTERS else ""
    grouped: dict[str, list[Name]] = defaultdict(list)
    for name in _names(entries):
        grouped[initial(name.name)].append(name)
    groups = tuple(
        Group(letter, tuple(sorted(grouped[letter], key=lambda n: (normalise(n.name), n.path))))
        for letter in LETTERS
        if grouped[letter] and known in ("", letter)
    )
    letters = letter_row((name for e in entries for name in e.names), known)
    return AtoZ(letters, groups, asked=known, unknown_letter=bool(asked) and not known)


def _names(entries: Iterable[Entry]) -> Iterable[Name]:
    for entry in entries:
        yield Name(entry.title, entry.path, brand_names=entry.brand_names)
        for brand in entry.brand_names:
            if normalise(brand) != normalise(entry.title):
                yield Name(brand, entry.path, medicine=entry.title)


def matching(entries: Iterable[Entry], query: str) -> tuple[Entry, ...]:
    """Entries with a name that begins with ``query``, then those that contain it; medicines before others."""
    typed = normalise(query)
    if not typed:
        return ()
    ranked = []
    for entry in entries:
        places = [place for name in entry.names if (place := normalise(name).find(typed)) >= 0]
        if places:
            rank = (min(places) > 0, entry.kind != "monograph", normalise(entry.title), entry.path)
            ranked.append((rank, entry))
    return tuple(entry for _, entry in sorted(ranked, key=lambda pair: pair[0]))[:MAX_RESULTS]

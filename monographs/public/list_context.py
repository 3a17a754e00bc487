"""Lists as pages show them: medicines of a class, A to Z, history."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext

from monographs.public.name_sort import LETTERS, OTHER, normalise


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A page that is public now, as a list names it."""

    title: str
    path: str
    kind: str = ""
    brand_names: tuple[str, ...] = ()
    summary: str = ""
    key: str = ""
    slug: str = ""

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> "ListEntry":
        """The entry the database describes."""
        return cls(**{**row, "brand_names": tuple(row["brand_names"])})


@dataclass(frozen=True, slots=True)
class AtoZName:
    """One line of the A to Z: a medicine, or a brand name that leads to it (then ``medicine`` says which)."""

    name: str
    path: str
    medicine: str = ""
    brand_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AlphabetLetter:
    """One step of the row of letters."""

    letter: str
    present: bool
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list that has several: its number from 1, and the first and last name on it."""

    number: int
    first: str
    last: str
    letter: str = ""
    chosen: bool = False
    #: ``before`` or ``after`` the chosen page, for its neighbours.
    beside: str = ""


@dataclass(frozen=True, slots=True)
class AtoZGroup:
    """The names under one letter, or the pages they fill when there are many."""

    letter: str
    names: tuple[AtoZName, ...] = ()
    steps: tuple[ListPage, ...] = ()

    @property
    def label(self) -> str:
        """What the pages of its names are called."""
        return gettext("Names that begin with %(letter)s") % {"letter": self.letter}


@dataclass(frozen=True, slots=True)
class AtoZ:
    """The list of medicines, whole or one letter of it. ``asked`` is a letter we know, or empty."""

    letters: tuple[AlphabetLetter, ...]
    groups: tuple[AtoZGroup, ...]
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
class ListContext:
    """All lists a template may show; most pages have few of them."""

    about: tuple[ListEntry, ...] = ()
    medicines: tuple[ListEntry, ...] = ()
    #: Medicines whose own pages name this one as used with them.
    used_with: tuple[ListEntry, ...] = ()
    classes: tuple[ListEntry, ...] = ()
    conditions: tuple[ListEntry, ...] = ()
    letters: tuple[AlphabetLetter, ...] = ()
    a_to_z: AtoZ | None = None
    #: Pages of a long list of medicines, classes or conditions; none when all fit on one.
    steps: tuple[ListPage, ...] = ()


def in_order(entries: Iterable[ListEntry]) -> tuple[ListEntry, ...]:
    """Entries by title, as a reader expects them whatever their case and accents."""
    return tuple(sorted(entries, key=lambda e: (normalise(e.title), e.path)))


def letter_row(present: Container[str], chosen: str = "") -> tuple[AlphabetLetter, ...]:
    """A to Z, saying which letters are ``present``; names without a letter add a last step."""
    return tuple(
        AlphabetLetter(letter, letter in present, letter == chosen)
        for letter in LETTERS
        if letter != OTHER or OTHER in present
    )

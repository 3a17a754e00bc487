"""Template data of the lists on public pages: medicines of a class, A to Z, editions."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext

from monographs.public.edition_comparison import EditionComparison
from monographs.public.name_sort import LETTERS, OTHER, normalise


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A public page in a list."""

    title: str
    path: str
    kind: str = ""
    brand_names: tuple[str, ...] = ()
    summary: str = ""
    key: str = ""
    slug: str = ""
    #: Of a page that was withdrawn: why, and what to do.
    reason: str = ""
    advice: str = ""

    @property
    def withdrawn(self) -> bool:
        """Whether the page was withdrawn."""
        return bool(self.reason)

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> "ListEntry":
        """Build the entry from a database row."""
        return cls(**{**row, "brand_names": tuple(row["brand_names"])})


@dataclass(frozen=True, slots=True)
class AtoZName:
    """A name in the A to Z: a medicine, or a brand name of the medicine ``medicine``."""

    name: str
    path: str
    medicine: str = ""
    brand_names: tuple[str, ...] = ()
    #: Why its page was withdrawn, and what to do; empty for a public page.
    reason: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True)
class AlphabetLetter:
    """A letter of the alphabet row. ``present``: whether names begin with it."""

    letter: str
    present: bool
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a paginated list: its number from 1, and the first and last name on it."""

    number: int
    first: str
    last: str
    letter: str = ""
    chosen: bool = False
    #: ``before`` or ``after`` for the neighbours of the chosen page, else empty.
    neighbour: str = ""


@dataclass(frozen=True, slots=True)
class AtoZGroup:
    """The names under one letter, or their pages when there are many."""

    letter: str
    names: tuple[AtoZName, ...] = ()
    list_pages: tuple[ListPage, ...] = ()

    @property
    def label(self) -> str:
        """The accessible name of the navigation between the pages."""
        return gettext("Names that begin with %(letter)s") % {"letter": self.letter}


@dataclass(frozen=True, slots=True)
class AtoZ:
    """The list of medicines, or one letter of it: ``chosen_letter``, or empty for all."""

    letters: tuple[AlphabetLetter, ...]
    groups: tuple[AtoZGroup, ...]
    chosen_letter: str = ""
    unknown_letter: bool = False


@dataclass(frozen=True, slots=True)
class PastEdition:
    """An edition in the list of a page's editions."""

    number: int
    published_at: datetime
    change_note: str
    review_kind: str
    last_reviewed: date
    restores: int | None
    #: Whether the text is that of the edition before.
    unchanged: bool
    #: When it was withdrawn, if its text is gone since.
    withdrawn_at: datetime | None
    reviewers: list[dict[str, str]]
    #: The comparison with an edition before; None if there is none, or the text is the same or gone.
    comparison: EditionComparison | None

    @classmethod
    def all_of(cls, rows: Sequence[dict[str, Any]], path: str) -> "list[PastEdition]":
        """Build the editions of the page at ``path`` from database rows."""
        withdrawn = {row["number"] for row in rows if row["withdrawn_at"]}
        return [cls._of(row, path, withdrawn) for row in rows]

    @classmethod
    def _of(cls, row: dict[str, Any], path: str, withdrawn: Container[int]) -> "PastEdition":
        gone = row["withdrawn_at"]
        comparable = not (gone or row["unchanged"])
        return cls(
            **{
                **row,
                "comparison": EditionComparison.of(path, row["number"], withdrawn) if comparable else None,
                "withdrawn_at": datetime.fromisoformat(gone) if gone else None,
                "published_at": datetime.fromisoformat(row["published_at"]),
                "last_reviewed": date.fromisoformat(row["last_reviewed"]),
            }
        )


@dataclass(frozen=True, slots=True)
class ComparedEdition:
    """One of two compared editions. ``links``: current public paths by key of the pages it names."""

    number: int
    canonical: str
    published_at: datetime
    links: Mapping[str, str]

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> "ComparedEdition":
        """Build the edition from a database row."""
        published_at = datetime.fromisoformat(row["published_at"])
        return cls(**{**row, "published_at": published_at, "links": row["links"] or {}})


@dataclass(frozen=True, slots=True)
class ListContext:
    """All lists a template can show; most pages have few of them."""

    about: tuple[ListEntry, ...] = ()
    medicines: tuple[ListEntry, ...] = ()
    #: Medicines whose pages name this one as used with them.
    used_with: tuple[ListEntry, ...] = ()
    classes: tuple[ListEntry, ...] = ()
    conditions: tuple[ListEntry, ...] = ()
    letters: tuple[AlphabetLetter, ...] = ()
    a_to_z: AtoZ | None = None
    #: Pages of a long list of medicines, classes or conditions; empty if all fit on one.
    list_pages: tuple[ListPage, ...] = ()


def sorted_by_title(entries: Iterable[ListEntry]) -> tuple[ListEntry, ...]:
    """Return entries sorted by title, regardless of case and accents."""
    return tuple(sorted(entries, key=lambda e: (normalise(e.title), e.path)))


def alphabet_row(present: Container[str], chosen: str = "") -> tuple[AlphabetLetter, ...]:
    """Return A to Z with the ``present`` letters marked, and ``OTHER`` at the end if it is present."""
    return tuple(
        AlphabetLetter(letter, letter in present, letter == chosen)
        for letter in LETTERS
        if letter != OTHER or OTHER in present
    )

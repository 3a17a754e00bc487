"""One indexed look-up from a public path to everything its page shows."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from django.utils import timezone

from monographs.document import HomeDocument, parse_document
from monographs.document.models import CollectionType
from monographs.public import queries_sql
from monographs.public.db import only_row
from monographs.public.list_context import ListEntry, PastEdition, in_order

#: Parsed documents kept by a process. They are immutable and found by their own text, so never stale.
PARSED_KEPT = 256

#: Medicines that name this one as used with them; a list this long is left at that.
MAX_USED_WITH = 24

HOME = "/"
#: Pages that answer before anybody has signed them, in the words of their templates.
ALWAYS_THERE = (HOME, *(collection.path for collection in CollectionType))


class PathOutcome(StrEnum):
    """What a public path has to say."""

    CURRENT = "current"
    MOVED = "moved"
    WITHDRAWN = "withdrawn"
    MISSING = "missing"


def today() -> date:
    """The server's day, in UTC."""
    return timezone.now().date()


@dataclass(frozen=True, slots=True)
class ReadEdition:
    """The signed facts about the text on a page, for its trust panel."""

    number: int
    slug: str
    sha256: str
    reviewers: list[dict[str, str]]
    last_reviewed: date
    next_due: date
    change_note: str
    review_kind: str
    #: The earlier edition whose text this one brought back, if it did.
    restores: int | None
    published_at: datetime
    #: Where the current edition is read, and its number.
    path: str
    latest: int
    #: Where all editions are listed; empty for pages without a public history.
    history: str = ""

    @property
    def superseded(self) -> bool:
        """Whether a later edition is current."""
        return self.number < self.latest

    @property
    def overdue(self) -> bool:
        """Whether the next review should have happened by today (UTC)."""
        return self.next_due < today()

    @property
    def kept_at(self) -> str:
        """Where this edition's leaflets are."""
        return f"{self.path}editions/{self.number}/" if self.superseded else self.path

    @property
    def changes(self) -> str:
        """Where it is told word for word what this edition changed; empty if nothing public was before it."""
        return (
            f"{self.path}changes/{self.number - 1}/{self.number}/" if self.history and self.number > 1 else ""
        )

    @property
    def name(self) -> str:
        """How programs name this edition."""
        return f"{self.slug}/{self.number}"


@dataclass(frozen=True, slots=True)
class PageResult:
    """The answer of one look-up. ``edition`` and the texts are None where nothing is signed."""

    path: str
    outcome: PathOutcome
    title: str
    reason: str
    advice: str
    target: str
    edition: ReadEdition | None
    canonical: str | None
    home_canonical: str | None
    links: Mapping[str, str]
    about: tuple[ListEntry, ...]
    #: What the listing asked for gave: rows of a list, or what a search found.
    rows: Any
    #: How the ledger stood, when it was asked (``finding.following``).
    standing: Mapping[str, Any] | None
    #: Changes whenever anything around the document does.
    surroundings: str

    @property
    def signed_document(self) -> Any:
        """The document of ``edition``; one of the models in ``monographs.document``.

        Raises ``LookupError`` where nothing is signed.
        """
        if self.canonical is None:
            raise LookupError(f"nothing is signed at {self.path}")
        return parsed(self.canonical)

    @property
    def site(self) -> HomeDocument | None:
        """The words that frame every page, once somebody has signed them."""
        return parsed(self.home_canonical) if self.home_canonical else None

    @property
    def entries(self) -> tuple[ListEntry, ...]:
        """Public pages this page lists, by title."""
        return in_order(ListEntry.from_row(row) for row in self.rows)

    @property
    def history(self) -> list[PastEdition]:
        """Editions, newest first, when ``fetch_history`` asked for them."""
        return [PastEdition.from_row(row) for row in self.rows]


@lru_cache(maxsize=PARSED_KEPT)
def parsed(canonical: str) -> Any:
    """The document of a canonical text."""
    return parse_document(canonical)


def fetch_medicine(path: str) -> PageResult:
    """The page of a medicine and which others are used with it, in one query."""
    return fetch_page(path, None, queries_sql.USED_WITH, parameters={"used_with": MAX_USED_WITH})


def fetch_history(path: str) -> PageResult:
    """The page at ``path`` with all its editions, in one query."""
    return fetch_page(path, None, queries_sql.HISTORY)


def fetch_compared(path: str, before: int, after: int) -> PageResult:
    """The page at ``path`` with two of its editions (``rows``), in one query."""
    return fetch_page(path, None, queries_sql.COMPARED, parameters={"before": before, "after": after})


def fetch_page_frame() -> PageResult:
    """Only what surrounds every page, in one query."""
    return fetch_page("", None)


def fetch_page(
    path: str,
    number: int | None = None,
    listing: str = queries_sql.NOTHING,
    standing: str = queries_sql.NOTHING,
    parameters: Mapping[str, Any] | None = None,
) -> PageResult:
    """One query: edition ``number`` of the page at ``path``, or the current one.

    ``listing`` is a statement for what else the page shows; it takes ``parameters``.
    """
    row = only_row(
        queries_sql.page(listing, standing), {"path": path, "number": number, **(parameters or {})}
    )
    edition = _edition(path, row)
    return PageResult(
        path=path,
        outcome=outcome_of(row),
        title=row["title"] or "",
        reason=row["reason"] or "",
        advice=row["advice"] or "",
        target=row["target"] or "",
        edition=edition,
        canonical=row["canonical"],
        home_canonical=row["home"],
        links=row["links"] or {},
        about=in_order(ListEntry.from_row(r) for r in row["about"] or ()),
        rows=row["entries"] or [],
        standing=row["standing"],
        surroundings=_surroundings(row, edition),
    )


def outcome_of(row: Mapping[str, Any]) -> PathOutcome:
    """What a row of ``queries_sql.at_path`` says of its path."""
    match row["state"]:
        case "current" if row["number"]:
            return PathOutcome.CURRENT
        case "moved" if row["target"]:
            return PathOutcome.MOVED
        case "withdrawn":
            return PathOutcome.WITHDRAWN
    return PathOutcome.MISSING


def _edition(path: str, row: dict[str, Any]) -> ReadEdition | None:
    if row["number"] is None:
        return None
    return ReadEdition(
        number=row["number"],
        slug=row["slug"],
        sha256=row["sha256"],
        reviewers=row["reviewers"],
        last_reviewed=row["last_reviewed"],
        next_due=row["next_due"],
        change_note=row["change_note"],
        review_kind=row["review_kind"],
        restores=row["restores"],
        published_at=row["effective_at"],
        path=path,
        latest=row["latest"],
        history=f"{path}editions/" if row["kind"] == "monograph" else "",
    )


def _surroundings(row: dict[str, Any], edition: ReadEdition | None) -> str:
    """A hash of all that a page shows beside its own text, today's word on overdue reviews included."""
    columns = "state reason advice number latest next_due home_sha256 links about entries".split()
    facts = [str(row[column]) for column in columns]
    facts.append(str(bool(edition and edition.overdue)))
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()

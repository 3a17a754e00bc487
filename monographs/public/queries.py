"""Fetch everything a public page shows, by its path, in one indexed query."""

import hashlib
import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from monographs.core.db_clock import database_today
from monographs.document import HomeDocument, parse_document
from monographs.document.models import CollectionType
from monographs.document.versions.stored_document import UnknownVersion
from monographs.public import queries_sql
from monographs.public.db import fetch_row, fetch_rows
from monographs.public.edition_comparison import EditionComparison
from monographs.public.known_texts import Place, known_texts
from monographs.public.label_state import LabelState, PatientSentence
from monographs.public.list_context import ListEntry, PastEdition, sorted_by_title

logger = logging.getLogger(__name__)

#: Parsed documents cached per process. The keys are the immutable texts, so entries never become stale.
_CACHE_SIZE = 256

#: Maximum medicines listed under "Also used with".
MAX_USED_WITH = 24

HOME = "/"
_HOME_PLACE: Place = (HOME, None)
#: Pages that exist before an edition of them is published, with default titles.
BUILT_IN_PATHS = (HOME, *(collection.path for collection in CollectionType))


class PathOutcome(StrEnum):
    """What is at a public path."""

    CURRENT = "current"
    MOVED = "moved"
    WITHDRAWN = "withdrawn"
    MISSING = "missing"


def today() -> date:
    """Return today's date in UTC."""
    return database_today()


@dataclass(frozen=True, slots=True)
class LaterWithdrawal:
    """Which later edition of a page was withdrawn, why, and what to do."""

    number: int
    reason: str
    advice: str


@dataclass(frozen=True, slots=True)
class ReadEdition:
    """Metadata of the edition on a page, shown in its trust panel."""

    number: int
    slug: str
    sha256: str
    reviewers: list[dict[str, str]]
    last_reviewed: date
    next_due: date
    change_note: str
    review_kind: str
    #: Number of the earlier edition whose text this one restored, if any.
    restores: int | None
    published_at: datetime
    #: Path of the current edition, and its number.
    path: str
    latest: int
    #: Path of the list of editions; empty for pages without one.
    history: str = ""
    #: Of the current edition: what is known of its label, and the sentence that patients read beside it.
    label: LabelState | None = None
    sentence: PatientSentence | None = None
    #: Numbers of the page's editions whose text was withdrawn.
    withdrawn: frozenset[int] = frozenset()
    #: Of a superseded edition: that a later one was withdrawn, so that this one may be wrong as well.
    later_withdrawal: LaterWithdrawal | None = None

    @property
    def superseded(self) -> bool:
        """Whether a later edition is current."""
        return self.number < self.latest

    @property
    def overdue(self) -> bool:
        """Whether the date of the next review has passed (UTC)."""
        return self.next_due < today()

    @property
    def leaflet_base_path(self) -> str:
        """Path below which this edition's leaflets are."""
        return f"{self.path}editions/{self.number}/" if self.superseded else self.path

    @property
    def comparison(self) -> EditionComparison | None:
        """The comparison with an edition before; None for a first edition or a page without a history."""
        return EditionComparison.of(self.path, self.number, self.withdrawn) if self.history else None

    @property
    def name(self) -> str:
        """Slug and number, as in the header ``X-Edition``."""
        return f"{self.slug}/{self.number}"


@dataclass(frozen=True, slots=True)
class PageResult:
    """The result of one query. ``edition`` and the texts are None where nothing is published."""

    path: str
    outcome: PathOutcome
    title: str
    reason: str
    advice: str
    target: str
    edition: ReadEdition | None
    #: Key of the page at this path, and of the pages its edition names.
    key: uuid.UUID | None
    linked_keys: Sequence[uuid.UUID]
    canonical: str | None
    home_canonical: str | None
    links: Mapping[str, str]
    #: Rows of the information pages, which every page links to.
    about_rows: Sequence[dict[str, Any]]
    #: Result of the ``listing`` statement: rows of a list, or what a search found.
    rows: Any
    #: Result of ``LEDGER_STATE``, if it was queried (``search.index_sync``).
    ledger_state: Mapping[str, Any] | None
    #: Hash of everything the page shows besides the document.
    context_hash: str

    @property
    def signed_document(self) -> Any:
        """The document of ``edition``: one of the models in ``monographs.document``.

        Raises ``LookupError`` where nothing is published.
        """
        if self.canonical is None:
            raise LookupError(f"no edition is published at {self.path}")
        return parse_cached(self.canonical)

    @property
    def site(self) -> HomeDocument | None:
        """The home page's document, whose texts frame every page; None before it is published.

        Also None while a newer release writes documents that this process, which is about to be replaced,
        cannot read: the other pages stay up, with the default frame.
        """
        try:
            return parse_cached(self.home_canonical) if self.home_canonical else None
        except UnknownVersion as error:
            logger.warning("pages are framed without the home page: its text is %s", error)
            return None

    @property
    def about(self) -> tuple[ListEntry, ...]:
        """The information pages, sorted by title."""
        return sorted_by_title(map(ListEntry.from_row, self.about_rows))

    @property
    def entries(self) -> tuple[ListEntry, ...]:
        """Public pages this page lists, sorted by title."""
        return sorted_by_title(ListEntry.from_row(row) for row in self.rows)

    @property
    def history(self) -> list[PastEdition]:
        """Editions, newest first; for a result of ``fetch_history``."""
        return PastEdition.all_of(self.rows, self.path)


@lru_cache(maxsize=_CACHE_SIZE)
def parse_cached(canonical: str) -> Any:
    """Parse the document of a canonical text, with a cache."""
    return parse_document(canonical)


def fetch_medicine(path: str) -> PageResult:
    """Fetch a medicine's page and the medicines used with it, in one query."""
    return fetch_page(path, None, queries_sql.USED_WITH, parameters={"used_with": MAX_USED_WITH})


def fetch_history(path: str) -> PageResult:
    """Fetch the page at ``path`` with all its editions, in one query."""
    return fetch_page(path, None, queries_sql.HISTORY)


def fetch_withdrawn_edition(path: str, number: int) -> tuple[str, str] | None:
    """Return why edition ``number`` of the public page at ``path`` was withdrawn, and what to do instead."""
    rows = fetch_rows(queries_sql.WITHDRAWN_EDITION, {"path": path, "number": number})
    return next(((row["reason"], row["advice"]) for row in rows), None)


def fetch_compared(path: str, before: int, after: int) -> PageResult:
    """Fetch the page at ``path`` with two of its editions (``rows``), in one query."""
    return fetch_page(path, None, queries_sql.COMPARED, parameters={"before": before, "after": after})


def fetch_page_frame() -> PageResult:
    """Fetch what frames every page, in one query."""
    return fetch_page("", None)


def fetch_page(
    path: str,
    number: int | None = None,
    listing: str = queries_sql.NULL_JSON,
    ledger_state: str = queries_sql.NULL_JSON,
    parameters: Mapping[str, Any] | None = None,
) -> PageResult:
    """Fetch edition ``number`` of the page at ``path``, or the current one, in one query.

    ``listing`` and ``ledger_state`` are SQL expressions for further columns; they take ``parameters``.
    """
    known, known_home = known_texts.at((path, number)), known_texts.at(_HOME_PLACE)
    texts = {"known": known.sha256, "known_home": known_home.sha256}
    row = fetch_row(
        queries_sql.page(listing, ledger_state, is_current=number is None),
        {"path": path, "number": number, **texts, **(parameters or {})},
    )
    edition = _edition(path, row)
    canonical = known_texts.text_of((path, number), row["canonical"], row["sha256"], known)
    home = known_texts.text_of(_HOME_PLACE, row["home"], row["home_sha256"], known_home)
    return PageResult(
        path=path,
        outcome=outcome_of(row),
        title=row["title"] or "",
        reason=row["reason"] or "",
        advice=row["advice"] or "",
        target=row["target"] or "",
        edition=edition,
        key=row["key"],
        linked_keys=row["linked_keys"] or (),
        canonical=canonical,
        home_canonical=home,
        links=row["links"] or {},
        about_rows=row["about"] or (),
        rows=row["entries"] or [],
        ledger_state=row["ledger_state"],
        context_hash=_context_hash(row, edition),
    )


def outcome_of(row: Mapping[str, Any]) -> PathOutcome:
    """Return the outcome of a row of ``queries_sql.at_path``."""
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
        label=LabelState.of(row["label"]),
        sentence=PatientSentence.of(row["sentence"]),
        withdrawn=frozenset(row["gone"] or ()),
        later_withdrawal=LaterWithdrawal(*later) if (later := row.get("later")) else None,
    )


def _context_hash(row: dict[str, Any], edition: ReadEdition | None) -> str:
    """Hash everything a page shows besides its document, including whether its review is overdue.

    Who signed, and when, too: after a restore of the database another edition may get the same number and
    text, while caches still have pages of the lost one.
    """
    columns = (
        *"state reason advice number latest next_due gone".split(),
        *"reviewers last_reviewed effective_at review_kind restores change_note".split(),
        *"home_sha256 links about entries label sentence".split(),
    )
    values = [str(row[column]) for column in columns]
    values.append(str(row.get("later")))
    values.append(str(bool(edition and edition.overdue)))
    return hashlib.sha256("\n".join(values).encode()).hexdigest()

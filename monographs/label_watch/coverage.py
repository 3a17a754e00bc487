"""What the labels of all monographs cover: which version each rests on, and which are behind, by how much.

Everything is read from small rows (``watched_editions``), never from texts, by a fixed number of queries.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from monographs.label_watch.coverage_sql import (
    ANSWERS_SQL,
    COUNTS_SQL,
    ROWS_SQL,
    VERSION_COUNT_SQL,
    VERSIONS_SQL,
)
from monographs.labels import ChangeClass


class CoverageState(StrEnum):
    """Whether a page is up to date with a label."""

    BEHIND = "behind"
    NONE = "none"
    UNKNOWN = "unknown"
    CURRENT = "current"

    @property
    def label(self) -> str:
        """The name shown in the admin."""
        return _STATE_LABELS[self]


_STATE_LABELS = {
    CoverageState.BEHIND: "Behind",
    CoverageState.NONE: "Follows no label",
    CoverageState.UNKNOWN: "Label not stored yet",
    CoverageState.CURRENT: "Up to date",
}


class CoverageRow(NamedTuple):
    """A page that patients read and a label that it follows; without ``set_id`` it follows none.

    ``statements`` are those of the page (None while it is not counted yet), ``page_citing`` those that cite
    any label, ``citing`` those that cite a version of this one, ``cited_versions`` which, and ``flagged``
    those whose sentences changed. ``task`` is the open label task, since when it waits is ``behind_since``.
    A page may rest on an older version and wait for nothing: nothing changed that it rests on, or a reviewer
    signed that.
    """

    key: UUID
    title: str
    path: str
    edition: int
    statements: int | None
    page_citing: int | None
    set_id: str | None
    citing: int
    cited_versions: list[int]
    rests_on: int | None
    newest_version: int | None
    newest_effective: date | None
    label_title: str | None
    checked_at: datetime | None
    failing_since: datetime | None
    gone_since: datetime | None
    task: int | None
    change_class: str | None
    behind_since: datetime | None
    answer_due: date | None
    flagged: int
    state: CoverageState


@dataclass(frozen=True, slots=True)
class CoverageCount:
    """Figures of one state: its rows, and the statements of their pages.

    A page may have rows in several states: ``monographs``, their statements ``of_monographs`` and those that
    cite are counted in one of them, so that sums are right. ``waiting`` are changes by class.
    """

    state: CoverageState
    rows: int
    statements: int
    monographs: int
    of_monographs: int
    citing: int
    waiting: dict[ChangeClass, int]


class VersionRow(NamedTuple):
    """A version of a label that monographs rest on or statements cite.

    Without ``version`` it is followed by monographs that name no version of it. ``newest_version`` is the
    newest one stored; ``waiting`` are open label tasks of its monographs, the gravest is ``change_class``.
    """

    set_id: str
    version: int | None
    monographs: int
    statements: int
    citing_monographs: int
    label_title: str | None
    effective: date | None
    newest_version: int | None
    waiting: int
    change_class: str | None
    behind_since: datetime | None

    @property
    def is_newest(self) -> bool:
        """Whether no newer version is stored."""
        return self.version is not None and self.version == self.newest_version


@dataclass(frozen=True, slots=True)
class AnswerTimes:
    """How long signed answers took, of one class of change or of all (``change_class`` empty).

    ``median`` and ``percentile_90`` run from the day on which the change was noticed; ``label_median`` and
    ``label_percentile_90`` from the date of the label's version, for those ``dated`` not after that day.
    """

    change_class: str
    answered: int
    median: timedelta
    percentile_90: timedelta
    dated: int
    label_median: timedelta | None
    label_percentile_90: timedelta | None


def coverage_rows(
    state: CoverageState | None = None, offset: int = 0, limit: int | None = None
) -> list[CoverageRow]:
    """Return rows, of all states or of one: those behind first, the gravest and longest first."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS_SQL, {"state": state, "offset": offset, "limit": limit})
        return [CoverageRow._make((*columns, CoverageState(name))) for *columns, name in cursor.fetchall()]


def coverage_counts() -> dict[CoverageState, CoverageCount]:
    """Return the counts of each state."""
    classes = (ChangeClass.GRAVE, ChangeClass.SUBSTANCE, ChangeClass.WORDING)
    with connection.cursor() as cursor:
        cursor.execute(COUNTS_SQL)
        found = {CoverageState(state): rest for state, *rest in cursor.fetchall()}
    counts = {}
    for state in CoverageState:
        figures = found.get(state, [0] * (5 + len(classes)))
        values = [state, *figures[:5], dict(zip(classes, figures[5:], strict=True))]
        counts[state] = CoverageCount(*values)
    return counts


def version_rows(offset: int = 0, limit: int | None = None) -> list[VersionRow]:
    """Return versions of labels that patients' texts rest on, by set id, the newest first."""
    with connection.cursor() as cursor:
        cursor.execute(VERSIONS_SQL, {"after": None, "offset": offset, "limit": limit})
        return [VersionRow(*columns) for *columns, _place in cursor.fetchall()]


def version_count() -> int:
    """Return how many rows ``version_rows`` has in all."""
    with connection.cursor() as cursor:
        cursor.execute(VERSION_COUNT_SQL)
        return int(cursor.fetchone()[0])


def answer_times() -> list[AnswerTimes]:
    """Return how long signed answers took: of all changes, then by class, the gravest first."""
    with connection.cursor() as cursor:
        cursor.execute(ANSWERS_SQL)
        found = [AnswerTimes(name or "", *rest) for name, *rest in cursor.fetchall() if rest[0]]
    order: Sequence[str] = ["", *ChangeClass]
    return sorted(found, key=lambda times: order.index(times.change_class))

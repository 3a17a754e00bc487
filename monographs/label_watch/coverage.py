"""What the labels of all monographs cover: which version each rests on, and which are behind, by how much."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db import connection

from monographs.labels import ChangeClass

#: One row per page and label that it follows, and one per page that follows none. ``statements`` are the
#: paragraphs, list items, side effects and table rows of the edition that patients read. A label that a page
#: follows besides the one that it names has no version that the page rests on.
_ROWS_SQL = r"""
WITH pages AS MATERIALIZED (
    SELECT p.key, p.path, e.title, e.number, e.canonical::jsonb AS document,
        length(e.canonical) - length(regexp_replace(e.canonical, '<(?=(p|li)>)', '', 'g')) AS texts
    FROM editions_publication p JOIN editions_edition e ON e.id = p.edition_id
    WHERE p.state = 'current' AND e.kind = 'monograph'
), counted AS MATERIALIZED (
    SELECT key, path, title, number,
        lower(document #>> '{identifiers,label_set_id}') AS named,
        document #>> '{identifiers,label_version}' AS version,
        texts + (SELECT count(*) FROM jsonb_path_query(document, 'strict $.sections.**.items[*]'))
            + (SELECT count(*) FROM jsonb_path_query(document, 'strict $.sections.**.rows[*]'))
            + (SELECT count(*) FROM jsonb_path_query(document, 'strict $.sections.**.do[*]'))
            + (SELECT count(*) FROM jsonb_path_query(document, 'strict $.sections.**.dont[*]'))
            AS statements
    FROM pages
), follows AS (
    SELECT key, named AS set_id, version FROM counted WHERE named ~ %(set_id)s
    UNION ALL
    SELECT f.key, f.set_id, NULL FROM label_watch_followedlabel f JOIN counted ON counted.key = f.key
    WHERE f.set_id ~ %(set_id)s AND f.set_id IS DISTINCT FROM counted.named
)
SELECT c.key, c.title, c.path, c.number, c.statements, f.set_id,
    CASE WHEN f.version ~ '^[0-9]{1,9}$' THEN f.version::integer END,
    newest.version, newest.effective, newest.title,
    k.checked_at, k.failing_since, k.gone_since, t.id, t.change_class, t.opened_at, t.due_on
FROM counted c LEFT JOIN follows f ON f.key = c.key
    LEFT JOIN LATERAL (SELECT v.version, v.effective, v.title FROM label_watch_labelversion v
        WHERE v.set_id = f.set_id ORDER BY v.version DESC, v.id LIMIT 1) newest ON true
    LEFT JOIN label_watch_labelcheck k ON k.set_id = f.set_id
    LEFT JOIN label_watch_updatetask t ON t.key = c.key AND t.set_id = f.set_id AND t.closed_at IS NULL
ORDER BY array_position(ARRAY['grave', 'substance', 'wording', 'editorial'], t.change_class::text),
    t.opened_at, f.set_id IS NOT NULL, lower(c.title), c.key, f.set_id
"""

#: Days from the opening of a task to its answer, of those that somebody answered by a signature.
_ANSWERS_SQL = """
SELECT change_class, count(*),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY closed_at - opened_at),
    percentile_cont(0.9) WITHIN GROUP (ORDER BY closed_at - opened_at)
FROM label_watch_updatetask WHERE outcome IN ('edition', 'answered')
GROUP BY GROUPING SETS ((), (change_class))
"""
_SET_ID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


class CoverageState(StrEnum):
    """How a page stands to a label."""

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


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """A page that patients read and a label that it follows; without ``set_id`` it follows none.

    ``task`` is the open update task, since when it waits is ``behind_since``. A page may rest on an older
    version and wait for nothing: nothing changed that it rests on, or a reviewer signed that.
    """

    key: UUID
    title: str
    path: str
    edition: int
    statements: int
    set_id: str | None
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

    @property
    def state(self) -> CoverageState:
        """How the page stands to the label."""
        if self.set_id is None:
            return CoverageState.NONE
        if self.task is not None:
            return CoverageState.BEHIND
        return CoverageState.UNKNOWN if self.newest_version is None else CoverageState.CURRENT


@dataclass(frozen=True, slots=True)
class AnswerTimes:
    """How long signed answers took, of one class of change or of all (``change_class`` empty)."""

    change_class: str
    answered: int
    median: timedelta
    percentile_90: timedelta


def coverage_rows() -> list[CoverageRow]:
    """Return all rows: those behind first, the gravest and longest first, then those that follow none."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS_SQL, {"set_id": _SET_ID})
        return [CoverageRow(*columns) for columns in cursor.fetchall()]


def answer_times() -> list[AnswerTimes]:
    """Return how long signed answers took: of all changes, then by class, the gravest first."""
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERS_SQL)
        found = [AnswerTimes(name or "", *rest) for name, *rest in cursor.fetchall() if rest[0]]
    order: Sequence[str] = ["", *ChangeClass]
    return sorted(found, key=lambda times: order.index(times.change_class))

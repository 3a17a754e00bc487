"""The events of a month: due reviews, publications, texts to be signed, and label changes to answer."""

import calendar
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from django.contrib.auth.models import User
from django.db import connection
from django.urls import reverse

from monographs.core.db_clock import database_today
from monographs.editions.review_dates import add_months
from monographs.label_watch.models import UpdateTask
from monographs.review.assignments import people_covered_by
from monographs.review.dashboard import dashboard_sql
from monographs.review.dashboard.page_stage import PageStage, StageDetails
from monographs.review.dashboard.rows import page_parameters
from monographs.review.delegates import absences_today
from monographs.review.page_access import scope_of

#: How far the calendar reaches from today, in years. No review is due more than ten years after the last.
MAX_YEARS = 100


class CalendarEvent(StrEnum):
    """The kind of a calendar entry; the value is the ``event`` column of ``dashboard_sql.CALENDAR``."""

    REVIEW = "review"
    PUBLICATION = "publication"
    SIGNING = "signing"
    LABEL = "label"

    @property
    def label(self) -> str:
        """The name shown in the admin."""
        match self:
            case CalendarEvent.REVIEW:
                return "Review due"
            case CalendarEvent.PUBLICATION:
                return "Becomes public"
            case CalendarEvent.SIGNING:
                return "To be signed"
            case CalendarEvent.LABEL:
                return "Label change to answer"


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """An event of one page on one day, with the URL to open."""

    event: CalendarEvent
    title: str
    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the grid; ``inside`` is false for days of a neighbouring month in the first or last week."""

    date: date
    inside: bool
    today: bool
    entries: tuple[CalendarEntry, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A month as weeks from Monday to Sunday."""

    first: date
    weeks: tuple[tuple[Day, ...], ...]

    @property
    def previous(self) -> str:
        """The previous month as YYYY-MM."""
        return f"{add_months(self.first, -1):%Y-%m}"

    @property
    def next(self) -> str:
        """The next month as YYYY-MM."""
        return f"{add_months(self.first, 1):%Y-%m}"

    @property
    def count(self) -> int:
        """The number of entries."""
        return sum(len(day.entries) for week in self.weeks for day in week)


class CalendarRow(NamedTuple):
    """A row of ``dashboard_sql.CALENDAR``: an event of a page, or of a label task of it."""

    day: date
    event: str
    page_id: int
    key: UUID
    title: str
    stage: str
    submission_id: int | None
    task_id: int | None
    #: Whether the user, or somebody they stand in for, is asked for the review that is due.
    asked: bool

    @property
    def kind(self) -> CalendarEvent:
        """The kind of the event."""
        return CalendarEvent(self.event)

    @property
    def label(self) -> str:
        """What happens, in words."""
        return "Review due, asked of you" if self.asked else self.kind.label

    @property
    def path(self) -> str:
        """The address in the admin at which something can be done."""
        if self.asked and self.page_id:
            return reverse("due:review", args=[self.page_id])
        if self.task_id is not None:
            return reverse("labels:task", args=[self.task_id])
        stage = PageStage(self.stage)
        details = StageDetails(stage, self.page_id, self.key, self.submission_id, None, "", "")
        return details.next_step(may_edit=False)[1]


def calendar_rows(user: User, first: date, last: date) -> list[CalendarRow]:
    """Return the events of the pages ``user`` may see, from ``first`` to ``last``, by day; three queries."""
    with connection.cursor() as cursor:
        people = people_covered_by(user, absences_today())
        parameters = page_parameters(scope_of(user)) | {"first": first, "last": last, "people": people}
        cursor.execute(dashboard_sql.CALENDAR, parameters)
        rows = [CalendarRow(*row) for row in cursor]
    tasks = UpdateTask.objects.only("set_id", "from_version", "to_version")
    named = tasks.in_bulk([row.task_id for row in rows if row.task_id is not None])
    return [_naming(row, named.get(row.task_id or 0)) for row in rows]


def _naming(row: CalendarRow, task: UpdateTask | None) -> CalendarRow:
    """Return a row whose title names the label of its task."""
    return row._replace(title=f"{row.title}, {task.label_name}") if task else row


def first_day_of(month: str) -> date:
    """Return the first day of a month given as YYYY-MM; of this month if it is invalid or out of reach."""
    today = database_today()
    year, _, number = month.partition("-")
    try:
        first = date(int(year), int(number), 1)
    except ValueError:
        return today.replace(day=1)
    return first if abs(first.year - today.year) <= MAX_YEARS else today.replace(day=1)


def month_for(user: User, first: date) -> Month:
    """Return the month that begins on ``first``, with the pages ``user`` may see.

    Three queries in addition to those for the user's permissions.
    """
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    entries = {
        day: tuple(CalendarEntry(row.kind, row.title, row.path, row.label) for row in rows)
        for day, rows in groupby(calendar_rows(user, first, last), key=lambda row: row.day)
    }
    today = database_today()
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    return Month(
        first,
        tuple(
            tuple(Day(day, day.month == first.month, day == today, entries.get(day, ())) for day in week)
            for week in weeks
        ),
    )

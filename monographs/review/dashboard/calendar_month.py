"""What falls on the days of a month: reviews due, publications, texts to be signed."""

import calendar
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Any

from django.db import connection
from django.utils import timezone

from monographs.editions.dates import add_months
from monographs.review.dashboard import dashboard_sql
from monographs.review.dashboard.page_access import scope_of
from monographs.review.dashboard.page_status import PageStatus, PageStatusDetail
from monographs.review.dashboard.rows import desk_parameters

#: How far the calendar reaches, in years: no review is due more than ten after the last.
FURTHEST = 100


class CalendarEvent(StrEnum):
    """What a day can be for a page; the value is what ``dashboard_sql.DAYS`` calls it."""

    REVIEW = "review"
    PUBLICATION = "publication"
    SIGNING = "signing"

    @property
    def label(self) -> str:
        """As people read it."""
        match self:
            case CalendarEvent.REVIEW:
                return "Review due"
            case CalendarEvent.PUBLICATION:
                return "Becomes public"
            case CalendarEvent.SIGNING:
                return "To be signed"


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One page on one day."""

    falls: CalendarEvent
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the month, or of its neighbours where a week reaches into them."""

    date: date
    inside: bool
    today: bool
    entries: tuple[CalendarEntry, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A month in weeks from Monday."""

    first: date
    weeks: tuple[tuple[Day, ...], ...]

    @property
    def before(self) -> str:
        """The month before, as an address names it."""
        return f"{add_months(self.first, -1):%Y-%m}"

    @property
    def after(self) -> str:
        """The month after."""
        return f"{add_months(self.first, 1):%Y-%m}"

    @property
    def count(self) -> int:
        """How much falls on its days."""
        return sum(len(day.entries) for week in self.weeks for day in week)


def first_of(said: str) -> date:
    """The first day of a month written as 2026-12; of this month if it is none the calendar reaches."""
    today = timezone.now().date()
    year, _, month = said.partition("-")
    try:
        first = date(int(year), int(month), 1)
    except ValueError:
        return today.replace(day=1)
    return first if abs(first.year - today.year) <= FURTHEST else today.replace(day=1)


def month_of(user: Any, first: date) -> Month:
    """The month that begins with ``first``, as ``user`` may see it. One query beside their permissions."""
    scope = scope_of(user)
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    with connection.cursor() as cursor:
        cursor.execute(dashboard_sql.DAYS, desk_parameters(scope) | {"first": first, "last": last})
        found = cursor.fetchall()
    days = {
        day: tuple(_entry(*entry) for _, *entry in rows) for day, rows in groupby(found, lambda row: row[0])
    }
    today = timezone.now().date()
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    return Month(
        first,
        tuple(
            tuple(Day(day, day.month == first.month, day == today, days.get(day, ())) for day in week)
            for week in weeks
        ),
    )


def _entry(
    falls: str, page_id: int, key: Any, title: str, stage: str, submission_id: int | None
) -> CalendarEntry:
    place = PageStatusDetail(PageStatus(stage), page_id, str(key), submission_id, None, "", "")
    return CalendarEntry(CalendarEvent(falls), title, place.follows(may_edit=False)[1])

"""A period of days (UTC), both ends included, and the form by which it is chosen."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms

from monographs.core.db_clock import database_today
from monographs.editions.review_dates import add_months

#: The period of a report that names none: this many whole months, and the days of this month.
DEFAULT_MONTHS = 3


@dataclass(frozen=True, slots=True)
class Period:
    """The days from ``first`` to ``last``."""

    first: date
    last: date

    @property
    def begins(self) -> datetime:
        """Its first moment."""
        return datetime.combine(self.first, time(), UTC)

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time(), UTC)

    def months(self) -> list[date]:
        """Return the first day of each month that has a day in it."""
        month, found = self.first.replace(day=1), []
        while month <= self.last:
            found.append(month)
            month = add_months(month, 1)
        return found


def usual_periods(today: date) -> list[tuple[str, Period]]:
    """Return the periods that reports are mostly made for, with their names."""
    month, year = today.replace(day=1), today.replace(month=1, day=1)
    return [
        ("Last month", Period(add_months(month, -1), month - timedelta(days=1))),
        ("This month", Period(month, today)),
        ("This year", Period(year, today)),
        ("Last year", Period(add_months(year, -12), year - timedelta(days=1))),
    ]


class PeriodForm(forms.Form):
    """The first and the last day, read from the query string so that a report can be bookmarked."""

    first = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(label="To", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, data: Any) -> None:
        today = database_today()
        start = add_months(today.replace(day=1), -DEFAULT_MONTHS)
        given = {name: data.get(name) or day.isoformat() for name, day in (("first", start), ("last", today))}
        super().__init__(given)
        self.default = Period(start, today)

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins, or is longer than a report can show."""
        super().clean()
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and first > last:
            self.add_error("last", "This day is before the first one.")
        elif first and last and (first < date(2000, 1, 1) or last > date(2999, 12, 31)):
            self.add_error("first", "Choose days between 2000 and 2999.")
        elif first and last and last - first > timedelta(days=366 * 5):
            self.add_error("first", "Choose at most five years.")
        return self.cleaned_data

    def period(self) -> Period:
        """Return the period that was chosen; the default one if that was not valid."""
        if not self.is_valid():
            return self.default
        return Period(self.cleaned_data["first"], self.cleaned_data["last"])

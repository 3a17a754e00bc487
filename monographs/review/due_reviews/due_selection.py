"""Which due reviews a screen lists: the lists by name, and what the query string chooses."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.utils.http import urlencode

from monographs.core.db_clock import database_today
from monographs.editions.models import Publication, PublicationState
from monographs.editions.review_dates import add_months
from monographs.review.assignments import MINE, people_covered_by
from monographs.review.dashboard.calendar_month import first_day_of
from monographs.review.delegates import absences_today
from monographs.review.models import ReviewAssignment

#: Rows of one screen, and so the most that are changed at once.
PER_PAGE = 50
UNASKED = "unasked"
#: The lists by their name in the query string: the label, and how far ahead they look, in days from today. No
#: review is due later than ten years after the last.
LISTS = {
    "": ("In the next 90 days", 90),
    "overdue": ("Overdue", -1),
    "year": ("In the next year", 365),
    MINE: ("You are asked", 3660),
    UNASKED: ("Nobody asked", 365),
}

_PERSON = re.compile(r"[1-9][0-9]{0,8}")


@dataclass(frozen=True, slots=True)
class DueSelection:
    """A list of ``LISTS``, or what is due until the end of ``month``; of one ``person`` if that is given."""

    names: tuple[str, ...]
    name: str = ""
    month: date | None = None
    person: int = 0

    @classmethod
    def read(cls, query: QueryDict, names: Iterable[str]) -> "DueSelection":
        """Return what the query string chooses of the lists ``names``."""
        listed = tuple(names)
        name, month, person = query.get("show", ""), query.get("month", ""), query.get("person", "")
        return cls(
            listed,
            name if name in listed else "",
            first_day_of(month) if month else None,
            int(person) if _PERSON.fullmatch(person) else 0,
        )

    @property
    def until(self) -> date:
        """The last day that is listed."""
        if self.month:
            return add_months(self.month, 1) - timedelta(days=1)
        return database_today() + timedelta(days=LISTS[self.name][1])

    @property
    def query(self) -> str:
        """The query string that chooses it."""
        month = f"{self.month:%Y-%m}" if self.month else ""
        given = {"show": self.name, "month": month, "person": str(self.person or "")}
        return urlencode({name: value for name, value in given.items() if value})

    def tabs(self) -> list[dict[str, Any]]:
        """Return the lists of the screen as links."""
        return [
            {
                "label": LISTS[name][0],
                "query": urlencode({"show": name}),
                "selected": name == self.name and not self.month,
            }
            for name in self.names
        ]

    def publications(self, user: User) -> QuerySet[Publication]:
        """Return what is listed for ``user``, the earliest first."""
        found = due_publications(self.until)
        if self.name == MINE:
            found = found.filter(_asked_for(people_covered_by(user, absences_today())))
        if self.name == UNASKED:
            found = found.filter(~_asked_for())
        return found.filter(_asked_for([self.person])) if self.person else found

    def page(self, user: User, number: str | None) -> Page[Publication]:
        """Return one screen of it."""
        return Paginator(self.publications(user), PER_PAGE).get_page(number)


def due_publications(until: date) -> QuerySet[Publication]:
    """Return the publications whose review is due by ``until``, the earliest first."""
    current = Publication.objects.filter(state=PublicationState.CURRENT, edition__next_due__lte=until)
    order = ("edition__next_due", "edition__title", "path")
    return current.select_related("edition").defer("edition__canonical").order_by(*order)


def _asked_for(people: Iterable[int] | None = None) -> Exists:
    """Whether somebody, or one of ``people``, is asked for the review of a publication."""
    found = ReviewAssignment.objects.filter(key=OuterRef("key"), due_on=OuterRef("edition__next_due"))
    return Exists(found if people is None else found.filter(reviewer__in=list(people)))

"""What lists of tasks filter alike: open, overdue or closed ones; open ones unless the URL says otherwise."""

from typing import TypeVar

import django_filters
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from monographs.core.db_clock import database_today

#: A model of tasks, with ``closed_at`` and ``due_on``.
Task = TypeVar("Task", bound=Model)


def open_filter() -> django_filters.ChoiceFilter:
    """Return the filter *Show*, for a set that is an ``OpenTasksMixin``."""
    return django_filters.ChoiceFilter(
        label="Show",
        choices=[("open", "Open"), ("overdue", "Overdue"), ("closed", "Closed")],
        empty_label=None,
        null_label=None,
        method="filter_open",
    )


class OpenTasksMixin:
    """A filter set with an ``open_filter``."""

    def filter_open(self, tasks: QuerySet[Task], name: str, wanted: str) -> QuerySet[Task]:
        """Filter for open, overdue or closed tasks."""
        if wanted == "closed":
            return tasks.exclude(closed_at=None)
        tasks = tasks.filter(closed_at=None)
        return tasks.filter(due_on__lt=database_today()) if wanted == "overdue" else tasks


def open_unless_asked(tasks: QuerySet[Task], request: HttpRequest) -> QuerySet[Task]:
    """Return all tasks, or the open ones where no filter chooses."""
    return tasks if request.GET.get("open") else tasks.filter(closed_at=None)

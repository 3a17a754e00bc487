"""Open tasks about sources where people look: on the home page, the dashboard and the queue."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import QuerySet

from monographs.review.labels_of_pages.open_label_tasks import written_by
from monographs.source_library.models import SourceTask


def open_source_tasks() -> QuerySet[SourceTask]:
    """Return the open tasks with their sources, those that are due first."""
    return SourceTask.objects.filter(closed_at=None).select_related("source")


def source_tasks_of(user: User) -> QuerySet[SourceTask]:
    """Return the open tasks of pages that ``user`` wrote."""
    return open_source_tasks().filter(written_by(user))


def open_source_tasks_by_page(keys: Iterable[UUID]) -> dict[UUID, list[SourceTask]]:
    """Return the open tasks of pages by their keys. One query."""
    found: dict[UUID, list[SourceTask]] = {}
    for task in open_source_tasks().filter(key__in=list(keys)):
        found.setdefault(task.key, []).append(task)
    return found

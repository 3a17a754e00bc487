"""Open label tasks where people look: on the home page, the dashboard and the queue."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet

from monographs.editions.models import Contribution, Publication, PublicationState
from monographs.label_watch.models import UpdateTask


def open_label_tasks() -> QuerySet[UpdateTask]:
    """Return the open tasks, those that are due first."""
    return UpdateTask.objects.filter(closed_at=None)


def written_by(user: User) -> Q:
    """Return the condition that ``user`` wrote a task's page that patients read, or its draft since.

    Whoever wrote a page answers for it; a draft's writers may be working on the answer already.
    """
    read = Publication.objects.filter(
        key=OuterRef("key"),
        state=PublicationState.CURRENT,
        edition__contributors__contains=[{"id": user.pk}],
    )
    drafted = Contribution.objects.standing().filter(
        key=OuterRef("key"), user_id=user.pk, after_edition__gte=OuterRef("edition")
    )
    return Q(Exists(read)) | Q(Exists(drafted))


def label_tasks_of(user: User) -> QuerySet[UpdateTask]:
    """Return the open tasks of pages that ``user`` wrote."""
    return open_label_tasks().filter(written_by(user))


def open_label_tasks_by_page(keys: Iterable[UUID]) -> dict[UUID, list[UpdateTask]]:
    """Return the open tasks of pages by their keys. One query."""
    found: dict[UUID, list[UpdateTask]] = {}
    for task in open_label_tasks().filter(key__in=list(keys)):
        found.setdefault(task.key, []).append(task)
    return found

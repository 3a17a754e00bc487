"""Tasks about sources: opened when a source that patients read on a page changed or died."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from monographs.core.db_clock import database_now
from monographs.core.locks import lock_source_tasks
from monographs.document.canonical import sha256_hex
from monographs.editions.models import Publication
from monographs.rules.source_faults import OF_EDITIONS, SourceFault, other_address, renewed, source_faults
from monographs.source_library.identifiers import IdentifierScheme
from monographs.source_library.models import DraftSource, LibrarySource, SourceOutcome, SourceTask

#: Each source of the library that an edition shows, in the words that the library had at any time.
_SHOWN_SQL = """
    SELECT DISTINCT s.key, e.title, e.number, l.id, s.number, s.sections, s.address,
        coalesce(s.seen_on, e.last_reviewed)
    FROM source_library_shownsource s
    JOIN editions_edition e ON e.id = s.edition_id
    JOIN source_library_sourcechange c ON c.digest = s.digest
    JOIN source_library_librarysource l ON l.id = c.source
    WHERE %(keys)s::uuid[] IS NULL OR s.key = ANY(%(keys)s)
    ORDER BY s.key, l.id, s.number
"""


@dataclass(slots=True)
class PublicUse:
    """A source of the library that patients read on a page: in which sections, and with which addresses.

    ``seen_on`` is when its writer read it; where the page does not say it, when the page was reviewed.
    """

    key: uuid.UUID
    title: str
    edition: int
    source: int
    seen_on: date
    sections: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)


def public_uses(keys: Collection[uuid.UUID] | None = None) -> list[PublicUse]:
    """Return where patients read sources of the library, on all pages or those with ``keys``; one query."""
    found: dict[tuple[uuid.UUID, int], PublicUse] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SHOWN_SQL, {"keys": None if keys is None else list(keys)})
        for key, title, edition, source, _number, sections, address, seen_on in cursor:
            use = found.setdefault((key, source), PublicUse(key, title, edition, source, seen_on))
            use.sections += [name for name in sections if name not in use.sections]
            use.addresses.append(address)
            use.seen_on = min(use.seen_on, seen_on)
    return list(found.values())


def refresh_source_tasks(keys: Iterable[uuid.UUID] | None = None) -> list[SourceTask]:
    """Open, extend or close the tasks of pages (of all by default); return those that changed.

    A fixed number of queries, and some for each task that changes: it is stored, and people are notified.
    """
    wanted = None if keys is None else set(keys)
    with transaction.atomic():
        lock_source_tasks()
        uses = public_uses(wanted)
        sources = LibrarySource.objects.in_bulk({use.source for use in uses})
        faults = source_faults(sources.values())
        tasks = _newest_tasks(wanted)
        now, changed = database_now(), []
        for use in uses:
            source = sources[use.source]
            of_page = [other_address(source, use.addresses), renewed(source, use.seen_on)]
            found = [*faults[source.pk], *of_page]
            task = tasks.pop((use.key, source.pk), None)
            changed.append(_refreshed(use, source, [fault for fault in found if fault], task, now))
        changed += [_closed(t, SourceOutcome.EDITION, now) for t in tasks.values() if t.closed_at is None]
    return [task for task in changed if task is not None]


def _newest_tasks(keys: Collection[uuid.UUID] | None) -> dict[tuple[uuid.UUID, int], SourceTask]:
    """Return the newest task of each page and source, open or closed. One query."""
    tasks = SourceTask.objects.all() if keys is None else SourceTask.objects.filter(key__in=keys)
    newest = tasks.order_by("key", "source_id", "-pk").distinct("key", "source_id")
    return {(task.key, task.source_id): task for task in newest}


def _refreshed(
    use: PublicUse, source: LibrarySource, faults: list[SourceFault], last: SourceTask | None, now: datetime
) -> SourceTask | None:
    """Return the task of a use if it changed."""
    task = last if last is not None and last.closed_at is None else None
    if not faults:
        return _closed(task, _settled_by(task, use), now) if task else None
    if last is not None and task is None and is_answered(last, faults):
        return None
    values: dict[str, Any] = {
        "title": use.title,
        "edition": use.edition,
        "sections": use.sections,
        "faults": [fault.as_record() for fault in faults],
    }
    if task and all(getattr(task, name) == value for name, value in values.items()):
        return None
    if task is None:
        due = (now + timedelta(days=settings.SOURCE_TASK_DAYS)).date()
        task = SourceTask(key=use.key, source=source, opened_at=now, due_on=due)
    for name, value in values.items():
        setattr(task, name, value)
    task.save()
    return task


def _settled_by(task: SourceTask, use: PublicUse) -> SourceOutcome:
    """Return what settled a task with whose source nothing is wrong any more: an edition, or the library."""
    of_edition = any(fault["kind"] in OF_EDITIONS for fault in task.faults)
    return SourceOutcome.EDITION if of_edition and use.edition != task.edition else SourceOutcome.RIGHT_AGAIN


def faults_hash(task: SourceTask) -> str:
    """Return a hash of what is wrong with the source of a task, as the screen shows it."""
    return sha256_hex(repr([(fault["kind"], fault["detail"]) for fault in task.faults]).encode())


def is_answered(last: SourceTask, faults: Iterable[SourceFault]) -> bool:
    """Whether somebody answered a task that had each of ``faults``; another one, or more of it, is new."""
    known = {(fault["kind"], fault["detail"]) for fault in last.faults}
    return last.outcome == SourceOutcome.ANSWERED and {(f.kind.value, f.detail) for f in faults} <= known


def _closed(task: SourceTask, outcome: SourceOutcome, now: datetime) -> SourceTask:
    task.closed_at, task.outcome = now, outcome
    task.save()
    return task


def close_answered_source_tasks(sender: Any, instance: Publication, **kwargs: Any) -> None:
    """Receiver of ``post_save`` of a publication: after its commit, look at the page's sources again."""
    transaction.on_commit(partial(_refresh_page, instance.key), robust=True)


def _refresh_page(key: uuid.UUID) -> None:
    if SourceTask.objects.filter(key=key, closed_at=None).exists() or public_uses([key]):
        refresh_source_tasks([key])


def library_labels() -> list[tuple[uuid.UUID, str]]:
    """Return the labels that sources of texts are, with the keys of the pages; label checks ask for them.

    Three queries.
    """
    labels = LibrarySource.objects.filter(scheme=IdentifierScheme.SET_ID)
    set_ids = dict(labels.values_list("pk", "identifier"))
    if not set_ids:
        return []
    pages: defaultdict[int, set[uuid.UUID]] = defaultdict(set)
    for key, source in DraftSource.objects.filter(source__in=set_ids).values_list("key", "source_id"):
        pages[source].add(key)
    for use in public_uses():
        if use.source in set_ids:
            pages[use.source].add(use.key)
    return [(key, set_ids[source]) for source, keys in pages.items() for key in keys]

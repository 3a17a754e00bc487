"""Tasks about sources: opened when a source on a public page changed or is no longer available."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from monographs.core.db_clock import database_now
from monographs.core.locks import lock_source_tasks
from monographs.document.canonical import sha256_hex
from monographs.editions.models import Edition, Publication
from monographs.rules.source_faults import OF_EDITIONS, SourceFault, other_address, renewed, source_faults
from monographs.source_library.identifiers import IdentifierScheme
from monographs.source_library.models import (
    DraftSource,
    LibrarySource,
    SourceCitation,
    SourceOutcome,
    SourceTask,
)
from monographs.source_library.source_citations import public_citations

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
    """A source of the library that a page which patients read shows, or that its statements cite.

    In which sections, and with which addresses. ``seen_on`` is when its writer read it; where the page does
    not say it, when the page was reviewed, or it was chosen for a statement after that.
    """

    key: uuid.UUID
    title: str
    edition: int
    source: int
    seen_on: date
    sections: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)


def public_uses(keys: Collection[uuid.UUID] | None = None) -> list[PublicUse]:
    """Return the sources of pages that patients read, all pages or those with ``keys``; two queries."""
    found: dict[tuple[uuid.UUID, int], PublicUse] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SHOWN_SQL, {"keys": None if keys is None else list(keys)})
        for key, title, edition, source, _number, sections, address, seen_on in cursor:
            use = found.setdefault((key, source), PublicUse(key, title, edition, source, seen_on))
            use.sections += [name for name in sections if name not in use.sections]
            use.addresses.append(address)
            use.seen_on = min(use.seen_on, seen_on)
    listed = set(found)
    for cited, edition in _cited_publicly(keys):
        place = cited.key, cited.source_id
        seen_on = max(cited.at.date(), edition.last_reviewed)
        new = PublicUse(cited.key, edition.title, edition.number, cited.source_id, seen_on)
        use = found.setdefault(place, new)
        if cited.section not in use.sections:
            use.sections.append(cited.section)
        if place not in listed:  # what the page says itself counts
            use.seen_on = min(use.seen_on, seen_on)
    return list(found.values())


def _cited_publicly(keys: Collection[uuid.UUID] | None) -> Iterator[tuple[SourceCitation, Edition]]:
    """Yield the citations that count for what patients read, each with the edition, without its text."""
    found = public_citations() if keys is None else public_citations().filter(key__in=keys)
    only = (
        "key", "source_id", "section", "at", "edition__title", "edition__number", "edition__last_reviewed",
    )  # fmt: skip
    for cited in found.select_related("edition").only(*only).order_by("key", "source_id", "pk"):
        if cited.edition:
            yield cited, cited.edition


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
        tasks, answered = _newest_tasks(wanted), _answered_faults(wanted)
        now, changed = database_now(), []
        for use in uses:
            source = sources[use.source]
            of_page = [
                other_address(source, use.addresses) if use.addresses else None,
                renewed(source, use.seen_on),
            ]
            found = [*faults[source.pk], *of_page]
            task = tasks.pop((use.key, source.pk), None)
            known = answered[use.key, source.pk]
            changed.append(_refreshed(use, source, [fault for fault in found if fault], known, task, now))
        changed += [_closed(t, SourceOutcome.EDITION, now) for t in tasks.values() if t.closed_at is None]
    return [task for task in changed if task is not None]


def _tasks(keys: Collection[uuid.UUID] | None) -> QuerySet[SourceTask]:
    return SourceTask.objects.all() if keys is None else SourceTask.objects.filter(key__in=keys)


def _newest_tasks(keys: Collection[uuid.UUID] | None) -> dict[tuple[uuid.UUID, int], SourceTask]:
    """Return the newest task of each page and source, open or closed. One query."""
    newest = _tasks(keys).order_by("key", "source_id", "-pk").distinct("key", "source_id")
    return {(task.key, task.source_id): task for task in newest}


def _answered_faults(
    keys: Collection[uuid.UUID] | None,
) -> defaultdict[tuple[uuid.UUID, int], set[tuple[str, str]]]:
    """Return kind and detail of each fault that was answered, by page and source. One query.

    An answer holds although another fault came and went since: it is about these faults, not about a task.
    """
    found: defaultdict[tuple[uuid.UUID, int], set[tuple[str, str]]] = defaultdict(set)
    answered = _tasks(keys).filter(outcome=SourceOutcome.ANSWERED).order_by()
    for key, source, faults in answered.values_list("key", "source_id", "faults"):
        found[key, source] |= {(fault["kind"], fault["detail"]) for fault in faults}
    return found


def _refreshed(
    use: PublicUse,
    source: LibrarySource,
    faults: list[SourceFault],
    answered: Collection[tuple[str, str]],
    last: SourceTask | None,
    now: datetime,
) -> SourceTask | None:
    """Return the task of a use if it changed."""
    task = last if last is not None and last.closed_at is None else None
    if all((fault.kind.value, fault.detail) in answered for fault in faults):
        return _closed(task, _settled_by(task, use), now) if task else None
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
    """Return what settled a task of which no fault is left to answer: an edition, or the library."""
    of_edition = any(fault["kind"] in OF_EDITIONS for fault in task.faults)
    return SourceOutcome.EDITION if of_edition and use.edition != task.edition else SourceOutcome.RIGHT_AGAIN


def faults_hash(task: SourceTask) -> str:
    """Return a hash of what is wrong with the source of a task, as the screen shows it."""
    return sha256_hex(repr([(fault["kind"], fault["detail"]) for fault in task.faults]).encode())


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

    Five queries.
    """
    labels = LibrarySource.objects.filter(scheme=IdentifierScheme.SET_ID)
    set_ids = dict(labels.values_list("pk", "identifier"))
    if not set_ids:
        return []
    pages: defaultdict[int, set[uuid.UUID]] = defaultdict(set)
    for model, has_it in ((DraftSource, {}), (SourceCitation, {"in_draft": True})):
        rows = model._default_manager.filter(source__in=set_ids, **has_it)
        for key, source in rows.values_list("key", "source_id"):
            pages[source].add(key)
    for use in public_uses():
        if use.source in set_ids:
            pages[use.source].add(use.key)
    return [(key, set_ids[source]) for source, keys in pages.items() for key in keys]

"""Notifications about sources that changed or are no longer available."""

import re
from collections.abc import Iterable
from typing import Any

from monographs.editions.queries import public_edition
from monographs.label_watch.models import UpdateTask
from monographs.presentation.section_names import section_names
from monographs.review.models import Notice
from monographs.review.notifications import recipients
from monographs.review.notifications.events import NoticeEvent
from monographs.review.notifications.messages import admin_url, compose
from monographs.review.notifications.outbox import isolate_failures, queue_messages
from monographs.review.sources_of_pages.source_tasks import faults_hash
from monographs.rules.source_faults import SourceFaultKind
from monographs.source_library.models import SourceTask

#: Characters of the hash of faults that name a notice.
_DIGITS = 16
#: The task and the hash in ``Notice.about``.
_TASK = re.compile(rf"/source-(\d+)-([0-9a-f]{{{_DIGITS}}})$")


def notify_of_source(sender: Any, instance: SourceTask, **kwargs: Any) -> None:
    """Receiver of ``post_save`` of a task about a source: notify people, once for what is wrong with it."""
    if instance.closed_at is None:
        source_changed(instance)


@isolate_failures
def source_changed(task: SourceTask) -> None:
    """Notify the authors and signers of a page that a source of it is at fault; editors if all have left."""
    edition = public_edition(task.key)
    if edition is None or _is_told_as_label(task):
        return
    people = recipients.reachable_accounts(recipients.people_of_edition(edition))
    queue_messages(
        *compose(
            NoticeEvent.SOURCE_CHANGED,
            f"page-{task.key}/source-{task.pk}-{faults_hash(task)[:_DIGITS]}",
            people or recipients.reachable_accounts(recipients.editors()),
            title=task.title,
            task=task,
            sections=section_names(task.sections),
            url=admin_url("sources:task", task.pk),
        )
    )


def _is_told_as_label(task: SourceTask) -> bool:
    """Whether nothing is wrong but that its label is newer, which the page's task about the label says."""
    if {fault["kind"] for fault in task.faults} != {SourceFaultKind.NEWER_LABEL}:
        return False
    return UpdateTask.objects.filter(key=task.key, set_id=task.source.identifier, closed_at=None).exists()


def outdated_source_notices(notices: Iterable[Notice]) -> set[int]:
    """Return the primary keys of notices whose task about a source closed, or has other faults. One query."""
    changed = [notice for notice in notices if notice.event == NoticeEvent.SOURCE_CHANGED]
    found = {notice.pk: match for notice in changed if (match := _TASK.search(notice.about))}
    tasks = SourceTask.objects.in_bulk({int(match[1]) for match in found.values()}) if found else {}
    hashes = {pk: faults_hash(task)[:_DIGITS] for pk, task in tasks.items() if task.closed_at is None}
    return {pk for pk, match in found.items() if hashes.get(int(match[1])) != match[2]}

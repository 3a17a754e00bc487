"""Notifications about sources that changed or died."""

from typing import Any

from monographs.editions.queries import public_edition
from monographs.presentation.section_names import section_names
from monographs.review.notifications import recipients
from monographs.review.notifications.events import NoticeEvent
from monographs.review.notifications.messages import admin_url, compose
from monographs.review.notifications.outbox import isolate_failures, queue_messages
from monographs.review.source_tasks import faults_hash
from monographs.source_library.models import SourceTask

#: Characters of the hash of faults that name a notice.
_DIGITS = 16


def notify_of_source(sender: Any, instance: SourceTask, **kwargs: Any) -> None:
    """Receiver of ``post_save`` of a task about a source: notify people, once for what is wrong with it."""
    if instance.closed_at is None:
        source_changed(instance)


@isolate_failures
def source_changed(task: SourceTask) -> None:
    """Notify the people behind a page that a source of it changed or died."""
    edition = public_edition(task.key)
    if edition is None:
        return
    queue_messages(
        *compose(
            NoticeEvent.SOURCE_CHANGED,
            f"page-{task.key}/source-{task.pk}-{faults_hash(task)[:_DIGITS]}",
            recipients.reachable_accounts(recipients.people_behind(edition)),
            title=task.title,
            task=task,
            sections=section_names(task.sections),
            url=admin_url("sources:task", task.pk),
        )
    )

"""Notifications about changes of labels, and about what is noticed of labels besides their text.

They are stored at once and sent together, one email per person and round of checks (``digest``).
"""

import re
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from monographs.core.db_clock import database_now
from monographs.editions.queries import public_edition
from monographs.label_watch.mass_absence import CONFIRMED_AFTER
from monographs.label_watch.models import FollowedLabel, LabelNotice, LabelVersion, UpdateTask, WatchedEdition
from monographs.label_watch.task_labels import label_in_subject
from monographs.labels import ChangeClass
from monographs.presentation.section_names import section_names
from monographs.review.models import Notice, SentenceRequest
from monographs.review.notifications import recipients
from monographs.review.notifications.events import NoticeEvent
from monographs.review.notifications.messages import admin_url, compose
from monographs.review.notifications.outbox import isolate_failures, queue_messages

#: Reasons that an email names; the screen shows all.
_MOST_REASONS = 5
#: Pages that a subject names.
_MOST_TITLES = 3
#: The label task in ``Notice.about`` of a changed label.
_TASK = re.compile(r"/label-(\d+)-\d+$")


def notify_of_label_change(sender: Any, instance: UpdateTask, **kwargs: Any) -> None:
    """Receiver of ``post_save`` of a label task: notify people, once for each version of the label."""
    if instance.closed_at is None:
        label_changed(instance)


def notify_of_label_notice(sender: Any, instance: LabelNotice, created: bool, **kwargs: Any) -> None:
    """Receiver of ``post_save`` of a notice about a label: notify people of it, once."""
    if created:
        label_noticed(instance)


def notify_of_vanished_labels(sender: Any, **vanished: Any) -> None:
    """Receiver of ``labels_vanished``: notify editors and administrators, once for all labels."""
    labels_are_gone(vanished["service"], vanished["count"], vanished["asked"])


@isolate_failures
def labels_are_gone(service: str, count: int, asked: int) -> None:
    """Notify editors and administrators that a service does not know many labels any more, all at once."""
    queue_messages(
        *compose(
            NoticeEvent.LABELS_VANISHED,
            f"labels-vanished/{database_now():%Y-%m-%d}",
            recipients.reachable_accounts(recipients.editors() | recipients.administrators()),
            title=service,
            service=service,
            count=count,
            asked=asked,
            days=CONFIRMED_AFTER.days,
            url=admin_url("labels:coverage"),
        )
    )


@isolate_failures
def sentence_asked(request: SentenceRequest) -> None:
    """Notify reviewers, who may sign it, and editors that the prepared sentence is asked for."""
    task, by = request.task, request.asker_person
    queue_messages(
        *compose(
            NoticeEvent.SENTENCE_ASKED,
            f"page-{task.key}/sentence-{request.pk}",
            recipients.reachable_accounts(recipients.editors() | recipients.reviewers(), without=by),
            title=task.title,
            task=task,
            by=by,
            url=admin_url("labels:task", task.pk),
        )
    )


@isolate_failures
def label_changed(task: UpdateTask) -> None:
    """Notify the authors and signers of a page that its label changed; of a grave change editors, too."""
    edition = public_edition(task.key)
    if edition is None:
        return
    people = recipients.people_of_edition(edition)
    if task.change_class == ChangeClass.GRAVE:
        people |= recipients.editors()
    queue_messages(
        *compose(
            NoticeEvent.LABEL_CHANGED,
            f"page-{task.key}/label-{task.pk}-{task.to_version}",
            recipients.reachable_accounts(people),
            title=task.title,
            task=task,
            is_grave=task.change_class == ChangeClass.GRAVE,
            sections=section_names(task.sections),
            reasons=task.reasons[:_MOST_REASONS],
            url=admin_url("labels:task", task.pk),
        )
    )


@isolate_failures
def label_noticed(notice: LabelNotice) -> None:
    """Notify editors and the authors and signers of pages that follow a label of a notice about it."""
    people: set[int | None] = set(recipients.editors())
    titles: dict[uuid.UUID, str] = {}
    for key in _pages_of(notice.set_id):
        edition = public_edition(key)
        if edition is not None:
            titles[key] = edition.title
            people |= recipients.people_of_edition(edition)
    newest = LabelVersion.objects.filter(set_id=notice.set_id).values_list("names", "title").first()
    product = newest or ((), "")
    queue_messages(
        *compose(
            NoticeEvent.LABEL_NOTICED,
            f"label-{notice.set_id}/notice-{notice.pk}",
            recipients.reachable_accounts(people),
            title=_some_of(sorted(titles.values())),
            notice=notice,
            label=product[1],
            in_subject=label_in_subject(notice.set_id, *product),
            url=admin_url("labels:page", *titles) if len(titles) == 1 else admin_url("labels:coverage"),
        )
    )


def _some_of(titles: Sequence[str]) -> str:
    """Return a few of ``titles`` for the subject: hundreds of pages may follow one label."""
    more = len(titles) - _MOST_TITLES
    return ", ".join(titles[:_MOST_TITLES]) + (f" and {more} more" if more > 0 else "")


def _pages_of(set_id: str) -> set[uuid.UUID]:
    """Return the keys of the pages that follow a label: two queries."""
    named = WatchedEdition.objects.filter(set_id=set_id).values_list("key", flat=True)
    followed = FollowedLabel.objects.filter(set_id=set_id).values_list("key", flat=True)
    return {*named, *followed}


def label_tasks_of_notices(notices: Iterable[Notice]) -> dict[int, UpdateTask]:
    """Return the label tasks that notices are about, by the primary key of the notice. One query."""
    changed = [notice for notice in notices if notice.event == NoticeEvent.LABEL_CHANGED]
    found = {notice.pk: int(match[1]) for notice in changed if (match := _TASK.search(notice.about))}
    tasks = UpdateTask.objects.in_bulk(found.values()) if found else {}
    return {notice: tasks[task] for notice, task in found.items() if task in tasks}

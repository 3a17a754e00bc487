"""Notifications about changes of labels."""

from typing import Any

from monographs.editions.queries import public_edition
from monographs.label_watch.models import UpdateTask
from monographs.labels import ChangeClass
from monographs.presentation.section_names import section_names
from monographs.review.models import SentenceRequest
from monographs.review.notifications import recipients
from monographs.review.notifications.events import NoticeEvent
from monographs.review.notifications.messages import admin_url, compose
from monographs.review.notifications.outbox import isolate_failures, queue_messages

#: Reasons that an email names; the screen shows all.
_MOST_REASONS = 5


def notify_of_label_change(sender: Any, instance: UpdateTask, **kwargs: Any) -> None:
    """Receiver of ``post_save`` of an update task: notify people, once for each version of the label."""
    if instance.closed_at is None:
        label_changed(instance)


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
    """Notify the people behind a page that its label changed; of a grave change editors, too."""
    edition = public_edition(task.key)
    if edition is None:
        return
    people = recipients.people_behind(edition)
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

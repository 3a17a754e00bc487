"""Reminders of due dates: of submissions in review, changes of labels and sources, and next reviews.

A reminder is sent once for each stage before and after the due date, however often the command runs. Of
several stages missed since the last run only the latest is sent.
"""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from wagtail.models import Page

from monographs.editions.models import Edition, PublicationState
from monographs.label_watch.models import UpdateTask
from monographs.review.assignments import assignments_by_page
from monographs.review.models import UNDER_WAY, Notice, Submission, SubmissionStatus
from monographs.review.notifications import recipients
from monographs.review.notifications.events import NoticeEvent
from monographs.review.notifications.messages import Message, admin_url, compose, thread_of
from monographs.source_library.models import SourceTask

#: Reminders of an edition's next review, in days before it is due.
DAYS_BEFORE_EDITION = (30, 7, 0)
#: Days between reminders of an overdue edition.
EDITION_INTERVAL = 30
#: Reminders of a submission, in days before it is due; the next one is sent the day after.
DAYS_BEFORE_SUBMISSION = (1, 0)
#: Days between reminders of an overdue submission.
SUBMISSION_INTERVAL = 7


def edition_stage(days_left: int) -> int | None:
    """Return the latest stage: 30, 7, 0, -30, -60 … days before the next review; None before the first."""
    if days_left > -EDITION_INTERVAL:
        return min((days for days in DAYS_BEFORE_EDITION if days >= days_left), default=None)
    return -(-days_left // EDITION_INTERVAL) * EDITION_INTERVAL


def submission_stage(days_left: int) -> int | None:
    """Return the latest stage: 1, 0, -1, -8, -15 … days before it is due; None before the first."""
    if days_left >= 0:
        return min((days for days in DAYS_BEFORE_SUBMISSION if days >= days_left), default=None)
    return -1 - (-days_left - 1) // SUBMISSION_INTERVAL * SUBMISSION_INTERVAL


def reminders(today: date) -> list[Message]:
    """Return the reminders due today that were not sent before."""
    return [
        *_submission_reminders(today),
        *_task_reminders(NoticeEvent.LABEL_DUE, UpdateTask.objects.all(), today),
        *_task_reminders(NoticeEvent.SOURCE_DUE, SourceTask.objects.select_related("source"), today),
        *_edition_reminders(today),
    ]


#: The name of a kind of task in ``Notice.about``, and the URL name of its screen.
_TASK_NAMES = {
    NoticeEvent.LABEL_DUE: ("label", "labels:task"),
    NoticeEvent.SOURCE_DUE: ("source", "sources:task"),
}


def _task_reminders(event: NoticeEvent, tasks: QuerySet[Any], today: date) -> list[Message]:
    """Return reminders of open tasks about labels or sources, at the stages of submissions."""
    last = today + timedelta(days=max(DAYS_BEFORE_SUBMISSION))
    due: dict[str, UpdateTask | SourceTask] = {}
    for task in tasks.filter(closed_at=None, due_on__lte=last):
        stage = submission_stage(_days_left(task, today))
        due[f"page-{task.key}/{_TASK_NAMES[event][0]}-due-{task.pk}-{task.due_on}-{stage}"] = task
    sent = _sent(event, due)
    new = {about: task for about, task in due.items() if about not in sent}
    if not new:
        return []
    current = Edition.objects.filter(publications__state=PublicationState.CURRENT).defer("canonical")
    editions = {edition.key: edition for edition in current.filter(key__in=[t.key for t in new.values()])}
    people = _recipients_by_edition(editions.values())
    return [
        message
        for about, task in new.items()
        if task.key in editions
        for message in _task_reminder(event, about, task, people[editions[task.key].pk], today)
    ]


def _task_reminder(
    event: NoticeEvent, about: str, task: UpdateTask | SourceTask, to: list[User], today: date
) -> list[Message]:
    days_left = _days_left(task, today)
    return compose(
        event,
        about,
        to,
        title=task.title,
        task=task,
        days_left=days_left,
        days_late=-days_left,
        url=admin_url(_TASK_NAMES[event][1], task.pk),
    )


def _submission_reminders(today: date) -> list[Message]:
    last = today + timedelta(days=max(DAYS_BEFORE_SUBMISSION))
    open_ones = Submission.objects.filter(status=SubmissionStatus.IN_REVIEW, due_on__lte=last)
    due: dict[str, Submission] = {}
    for submission in open_ones.order_by("due_on", "pk"):
        stage = submission_stage(_days_left(submission, today))
        due[f"{thread_of(submission)}/{submission.due_on}/{stage}"] = submission
    sent = _sent(NoticeEvent.SUBMISSION_DUE, due)
    new = [about for about in due if about not in sent]
    return [message for about in new for message in _submission_reminder(about, due[about], today)]


def _submission_reminder(about: str, submission: Submission, today: date) -> list[Message]:
    days_left = _days_left(submission, today)
    people = recipients.requested_signers(submission)
    if days_left < 0:
        people = people | recipients.editors()
    return compose(
        NoticeEvent.SUBMISSION_DUE,
        about,
        recipients.reachable_accounts(people),
        title=submission.title,
        submission=submission,
        submitter=submission.submitter_person,
        days_left=days_left,
        days_late=-days_left,
        url=admin_url("review:review", submission.pk),
    )


def _days_left(asked: Submission | UpdateTask | SourceTask, today: date) -> int:
    return (asked.due_on - today).days if asked.due_on else max(DAYS_BEFORE_SUBMISSION)


def _edition_reminders(today: date) -> list[Message]:
    """Return reminders of public editions whose page is not under review already. Eight queries."""
    last = today + timedelta(days=max(DAYS_BEFORE_EDITION))
    under_way = Submission.objects.filter(status__in=UNDER_WAY).values("key")
    editions = (
        Edition.objects.filter(publications__state=PublicationState.CURRENT, next_due__lte=last)
        .exclude(key__in=under_way)
        .defer("canonical")
        .order_by("next_due", "pk")
    )
    # A correction keeps the due date, so a reminder of the edition before holds for it
    due = {
        f"page-{edition.key}/{edition.next_due}/{edition_stage((edition.next_due - today).days)}": edition
        for edition in editions
    }
    sent = _sent(NoticeEvent.EDITION_DUE, due)
    new = {about: edition for about, edition in due.items() if about not in sent}
    people = _recipients_by_edition(new.values())
    return [
        message
        for about, edition in new.items()
        for message in _edition_reminder(about, edition, people[edition.pk], today)
    ]


def _edition_reminder(about: str, edition: Edition, to: list[User], today: date) -> list[Message]:
    days_left = (edition.next_due - today).days
    return compose(
        NoticeEvent.EDITION_DUE,
        about,
        to,
        title=edition.title,
        edition=edition,
        days_left=days_left,
        days_late=-days_left,
        url=admin_url("review:record", edition.key),
    )


def _recipients_by_edition(editions: Collection[Edition]) -> dict[int, list[User]]:
    """Return who is told of each edition, by its primary key.

    The writers, the submitter, the page's owner, who is asked for its next review, and the editors.
    """
    submitters = dict(
        Submission.objects.filter(uuid__in=[edition.submission for edition in editions]).values_list(
            "uuid", "submitted_by_id"
        )
    )
    owners = dict(
        Page.objects.filter(translation_key__in=[edition.key for edition in editions]).values_list(
            "translation_key", "owner_id"
        )
    )
    editors = recipients.editors()
    asked = assignments_by_page(edition.key for edition in editions)
    wanted: dict[int, set[int | None]] = {}
    for edition in editions:
        writers = {person["id"] for person in edition.contributors}
        behind = {submitters.get(edition.submission), owners.get(edition.key)}
        reviewer = {asked[edition.key].reviewer_id} if edition.key in asked else set()
        wanted[edition.pk] = behind | writers | reviewer | editors
    accounts = {user.pk: user for user in recipients.reachable_accounts(set().union(*wanted.values()))}
    return {pk: [user for key, user in accounts.items() if key in ids] for pk, ids in wanted.items()}


def _sent(event: NoticeEvent, about: Iterable[str]) -> set[str]:
    """Return those of ``about`` that have a notice."""
    notices = Notice.objects.filter(event=event, about__in=list(about))
    return set(notices.values_list("about", flat=True))

"""Collect several notices into one email: notes, changes of labels and sources, reminders, a daily digest."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from monographs.core.db_clock import database_now
from monographs.labels import ChangeClass
from monographs.review.models import Notice, Submission, SubmissionStatus
from monographs.review.notifications.about_assignments import finished_assignment_notices
from monographs.review.notifications.about_drafts import settled_draft_notices
from monographs.review.notifications.about_labels import label_tasks_of_notices
from monographs.review.notifications.about_sources import outdated_source_notices
from monographs.review.notifications.delivery import (
    DeliveryReport,
    deliver,
    deliver_new,
    sent_separately,
    waiting,
    wants_digest,
)
from monographs.review.notifications.events import (
    LABEL_EVENTS,
    NOTE_EVENTS,
    REMINDER_EVENTS,
    REVIEW_REQUESTS,
    SOURCE_EVENTS,
    TERMS_EVENTS,
    NoticeEvent,
)
from monographs.review.notifications.messages import admin_url, compose, submission_in
from monographs.review.notifications.outbox import store_new

#: Notes are sent when none was added for this time: until then a reviewer may still be writing.
QUIET_PERIOD = timedelta(minutes=10)
#: As long as the request that changes the terms of several submissions may take.
TERMS_PERIOD = timedelta(minutes=2)
#: Changes of labels and sources are sent when none was found for this time: a round of checks may go on.
LABEL_PERIOD = timedelta(minutes=10)
#: Notices of one email that are told in full, and those after them of which the subject is.
MOST_IN_FULL, MOST_LISTED = 40, 200


def deliver_waiting(now: datetime | None = None) -> DeliveryReport:
    """Send every notice that is due: failed ones, notes after the quiet period, reminders. Safe to repeat."""
    now = now or database_now()
    _collect_notes(now)
    _collect_labels(now)
    _collect_reminders(now)
    _collect_terms(now)
    return deliver(waiting(now).filter(sent_separately()))


def send_digests(now: datetime | None = None) -> DeliveryReport:
    """Send the daily digests (once a day, UTC), then every other notice that is due."""
    now = now or database_now()
    today = now.astimezone(UTC).date().isoformat()
    with transaction.atomic():
        already_sent = Notice.objects.filter(event=NoticeEvent.DIGEST, about=today).values("user")
        notices_due = _locked(waiting(now).filter(wants_digest()).exclude(user__in=already_sent))
        for notices in _grouped(notices_due, lambda notice: notice.user_id):
            _collect(NoticeEvent.DIGEST, today, notices, now)
    return deliver_waiting(now)


def _collect_notes(now: datetime) -> None:
    with transaction.atomic():
        notices_due = _locked(waiting(now).filter(event__in=NOTE_EVENTS).exclude(wants_digest()))
        for notices in _grouped(notices_due, lambda notice: (notice.user_id, notice.about.partition("/")[0])):
            if notices[-1].created_at <= now - QUIET_PERIOD:
                about = f"{notices[0].about.partition('/')[0]}/from-{notices[0].pk}"
                _collect(NoticeEvent.NOTES, about, notices, now)


def _collect_labels(now: datetime) -> None:
    with transaction.atomic():
        changes = waiting(now).filter(event__in=LABEL_EVENTS | SOURCE_EVENTS)
        notices_due = _locked(changes.exclude(wants_digest()))
        tasks = label_tasks_of_notices(notices_due)
        grave = {key for key, task in tasks.items() if task.change_class == ChangeClass.GRAVE}
        for notices in _grouped(notices_due, lambda notice: notice.user_id):
            if notices[-1].created_at <= now - LABEL_PERIOD:
                about = f"labels-from-{notices[0].pk}"
                gravest_first = sorted(notices, key=lambda notice: notice.pk not in grave)
                count = sum(notice.pk in grave for notice in notices)
                subjects = [
                    name
                    for name, events in (("labels", LABEL_EVENTS), ("sources", SOURCE_EVENTS))
                    if any(notice.event in events for notice in notices)
                ]
                what = " and ".join(subjects)
                _collect(NoticeEvent.LABELS, about, gravest_first, now, grave=count, what=what)


def _collect_reminders(now: datetime) -> None:
    with transaction.atomic():
        notices_due = _locked(waiting(now).filter(event__in=REMINDER_EVENTS).exclude(wants_digest()))
        for notices in _grouped(notices_due, lambda notice: notice.user_id):
            _collect(NoticeEvent.REMINDERS, f"days-from-{notices[0].pk}", notices, now)


def deliver_terms(batch: str) -> None:
    """Send each person one email about what an editor changed at once, as ``batch``."""
    now = database_now()
    with transaction.atomic():
        notices = _locked(_changed_terms(now).filter(about__endswith=f"/terms-{batch}"))
        about = _collect_assignments(notices, now)
        transaction.on_commit(partial(deliver_new, about), robust=True)


def _collect_terms(now: datetime) -> None:
    """Collect what ``deliver_terms`` did not come to, because its process ended before."""
    with transaction.atomic():
        notices = _locked(_changed_terms(now))
        _collect_assignments([n for n in notices if n.created_at <= now - TERMS_PERIOD], now)


def _changed_terms(now: datetime) -> QuerySet[Notice]:
    return waiting(now).filter(event__in=TERMS_EVENTS).exclude(wants_digest())


def _collect_assignments(notices: Iterable[Notice], now: datetime) -> set[tuple[str, str]]:
    """Store one notice for each recipient of ``notices``; return event and subject of each."""
    stored = set()
    for group in _grouped(notices, lambda notice: notice.user_id):
        about = f"terms-from-{group[0].pk}"
        _collect(NoticeEvent.ASSIGNMENTS, about, group, now)
        stored.add((NoticeEvent.ASSIGNMENTS.value, about))
    return stored


def _locked(notices: QuerySet[Notice]) -> list[Notice]:
    """Return ``notices``, locked against another run until the transaction ends."""
    return list(notices.select_for_update(of=("self",), skip_locked=True).select_related("user"))


def _grouped(notices: Iterable[Notice], key: Callable[[Notice], Any]) -> Iterable[list[Notice]]:
    for _, group in groupby(sorted(notices, key=lambda notice: (str(key(notice)), notice.pk)), key):
        yield list(group)


def _collect(
    event: NoticeEvent, about: str, notices: Sequence[Notice], now: datetime, **context: Any
) -> None:
    """Store one notice that contains ``notices`` and mark them as sent; obsolete ones are only listed.

    So are those after the first ``MOST_IN_FULL``: nobody reads an email of a thousand changes to its end.
    """
    obsolete = _obsolete(notices)
    current = [notice for notice in notices if notice.pk not in obsolete]
    if current:
        messages = compose(
            event,
            about,
            [notices[0].user],
            title=_title(current[0]),
            notices=current[:MOST_IN_FULL],
            listed=current[MOST_IN_FULL : MOST_IN_FULL + MOST_LISTED],
            left=max(len(current) - MOST_IN_FULL - MOST_LISTED, 0),
            total=len(current),
            obsolete=[notice for notice in notices if notice.pk in obsolete],
            headings=event == NoticeEvent.DIGEST or len(current) > 1,
            all_url=admin_url("notices:list"),
            **context,
        )
        store_new(messages)
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(sent_at=now)


def _obsolete(notices: Sequence[Notice]) -> set[int]:
    """Return the primary keys of the notices that ask for what was done: a review, an answer, a merge."""
    requests = {n.pk: submission_in(n.about) for n in notices if n.event in REVIEW_REQUESTS}
    in_review = Submission.objects.filter(uuid__in=requests.values(), status=SubmissionStatus.IN_REVIEW)
    uuids = {str(uuid) for uuid in in_review.values_list("uuid", flat=True)}
    answered = {pk for pk, task in label_tasks_of_notices(notices).items() if task.closed_at is not None}
    answered |= outdated_source_notices(notices) | settled_draft_notices(notices)
    answered |= finished_assignment_notices(notices)
    return answered | {pk for pk, uuid in requests.items() if uuid not in uuids}


def _title(notice: Notice) -> str:
    uuid = submission_in(notice.about)
    submission = Submission.objects.filter(uuid=uuid).first() if uuid else None
    return submission.title if submission else ""

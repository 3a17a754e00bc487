"""Several notices in one mail: notes left in a row, days that fall together, a day's digest."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db import transaction
from django.utils import timezone

from monographs.review.models import Notice, Submission, SubmissionStatus
from monographs.review.notifications.delivery import DeliveryReport, alone, deliver, waiting, wants_digest
from monographs.review.notifications.events import OF_DAYS, OF_NOTES, OF_ONE_REVIEW, NoticeEvent
from monographs.review.notifications.messages import compose, submission_in
from monographs.review.notifications.outbox import store_new

#: A reviewer who is still writing adds the next note within this time.
STILL_WRITING = timedelta(minutes=10)


def deliver_waiting(now: datetime | None = None) -> DeliveryReport:
    """Mail all that waits and need not wait longer: what failed before, notes, days. Safe to repeat."""
    now = now or timezone.now()
    _gather_notes(now)
    _gather_days(now)
    return deliver(waiting(now).filter(alone()))


def send_digests(now: datetime | None = None) -> DeliveryReport:
    """Mail each person who wants it what waits for them, once a day (UTC); then all else that waits."""
    now = now or timezone.now()
    today = now.astimezone(UTC).date().isoformat()
    with transaction.atomic():
        had = Notice.objects.filter(event=NoticeEvent.DIGEST, about=today).values("user")
        held = _held(waiting(now).filter(wants_digest()).exclude(user__in=had))
        for notices in _groups(held, lambda notice: notice.user_id):
            _gather(NoticeEvent.DIGEST, today, notices, now)
    return deliver_waiting(now)


def _gather_notes(now: datetime) -> None:
    with transaction.atomic():
        held = _held(waiting(now).filter(event__in=OF_NOTES).exclude(wants_digest()))
        for notices in _groups(held, lambda notice: (notice.user_id, notice.about.partition("/")[0])):
            if notices[-1].created_at <= now - STILL_WRITING:
                about = f"{notices[0].about.partition('/')[0]}/from-{notices[0].pk}"
                _gather(NoticeEvent.NOTES, about, notices, now)


def _gather_days(now: datetime) -> None:
    with transaction.atomic():
        held = _held(waiting(now).filter(event__in=OF_DAYS).exclude(wants_digest()))
        for notices in _groups(held, lambda notice: notice.user_id):
            _gather(NoticeEvent.REMINDERS, f"days-from-{notices[0].pk}", notices, now)


def _held(notices: Any) -> list[Notice]:
    """Held against another run until the transaction ends."""
    return list(notices.select_for_update(of=("self",), skip_locked=True).select_related("user"))


def _groups(notices: Iterable[Notice], key: Callable[[Notice], Any]) -> Iterable[list[Notice]]:
    for _, group in groupby(sorted(notices, key=lambda notice: (str(key(notice)), notice.pk)), key):
        yield list(group)


def _gather(event: NoticeEvent, about: str, notices: Sequence[Notice], now: datetime) -> None:
    """One notice that holds all of ``notices``, which are told with it. What is settled is only named."""
    over = _settled(notices)
    news = [notice for notice in notices if notice.pk not in over]
    if news:
        letter = compose(
            event,
            about,
            [notices[0].user],
            title=_title(news[0]),
            news=news,
            over=[notice for notice in notices if notice.pk in over],
            headings=event == NoticeEvent.DIGEST or len(news) > 1,
        )
        store_new([letter])
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(sent_at=now)


def _settled(notices: Sequence[Notice]) -> set[int]:
    """Those that ask for what is no longer needed: the review has ended."""
    asking = {n.pk: submission_in(n.about) for n in notices if n.event in OF_ONE_REVIEW}
    still = Submission.objects.filter(uuid__in=asking.values(), status=SubmissionStatus.IN_REVIEW)
    uuids = {str(uuid) for uuid in still.values_list("uuid", flat=True)}
    return {pk for pk, uuid in asking.items() if uuid not in uuids}


def _title(notice: Notice) -> str:
    uuid = submission_in(notice.about)
    submission = Submission.objects.filter(uuid=uuid).first() if uuid else None
    return submission.title if submission else ""

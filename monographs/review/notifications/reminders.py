"""Reminders of days: when a review is asked for, and when an edition must be reviewed again.

Each stage is told once, however often and late the command runs; of several missed ones only the last.
"""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from monographs.editions.models import Edition, PublicationState
from monographs.review.models import UNDER_WAY, Notice, Submission, SubmissionStatus
from monographs.review.notifications import recipients
from monographs.review.notifications.events import NoticeEvent
from monographs.review.notifications.messages import Message, address_of, compose, thread_of

#: Days before an edition's next review is due.
BEFORE_EDITION = (30, 7, 0)
#: An edition that is overdue is told of again after so many days.
EDITION_AGAIN = 30
#: Days before a submission's review is due; it is also told of on the day after.
BEFORE_SUBMISSION = (1, 0)
#: A review that is overdue is told of again after so many days.
SUBMISSION_AGAIN = 7


def edition_stage(days_left: int) -> int | None:
    """The stage an edition is at: 30, 7, 0, -30, -60 … days before its next review; None before all."""
    if days_left > -EDITION_AGAIN:
        return min((days for days in BEFORE_EDITION if days >= days_left), default=None)
    return -(-days_left // EDITION_AGAIN) * EDITION_AGAIN


def submission_stage(days_left: int) -> int | None:
    """The stage a submission is at: 1, 0, -1, -8, -15 … days before it is due; None before all."""
    if days_left >= 0:
        return min((days for days in BEFORE_SUBMISSION if days >= days_left), default=None)
    return -1 - (-days_left - 1) // SUBMISSION_AGAIN * SUBMISSION_AGAIN


def reminders(today: date) -> list[Message]:
    """What has to be told today and has not been told to anybody."""
    return [*_of_submissions(today), *_of_editions(today)]


def _of_submissions(today: date) -> list[Message]:
    last = today + timedelta(days=max(BEFORE_SUBMISSION))
    open_ones = Submission.objects.filter(status=SubmissionStatus.IN_REVIEW, due_on__lte=last)
    due: dict[str, Submission] = {}
    for submission in open_ones.order_by("due_on", "pk"):
        stage = submission_stage(_left(submission, today))
        due[f"{thread_of(submission)}/{submission.due_on}/{stage}"] = submission
    told = _told(NoticeEvent.SUBMISSION_DUE, due)
    return [_of_submission(about, due[about], today) for about in due if about not in told]


def _of_submission(about: str, submission: Submission, today: date) -> Message:
    days_left = _left(submission, today)
    people = recipients.asked(submission)
    if days_left < 0:
        people = people | recipients.editors()
    return compose(
        NoticeEvent.SUBMISSION_DUE,
        about,
        recipients.reached(people),
        title=submission.title,
        submission=submission,
        submitter=submission.submitter_person,
        days_left=days_left,
        days_late=-days_left,
        address=address_of("review:review", submission.pk),
    )


def _left(submission: Submission, today: date) -> int:
    return (submission.due_on - today).days if submission.due_on else max(BEFORE_SUBMISSION)


def _of_editions(today: date) -> list[Message]:
    """Of public editions; those whose page is under review already need no reminder. Six queries."""
    last = today + timedelta(days=max(BEFORE_EDITION))
    under_way = Submission.objects.filter(status__in=UNDER_WAY).values("key")
    editions = (
        Edition.objects.filter(publications__state=PublicationState.CURRENT, next_due__lte=last)
        .exclude(key__in=under_way)
        .defer("canonical")
        .order_by("next_due", "pk")
    )
    # A correction carries the day on, so what was told of the edition before holds for it
    due = {
        f"page-{edition.key}/{edition.next_due}/{edition_stage((edition.next_due - today).days)}": edition
        for edition in editions
    }
    told = _told(NoticeEvent.EDITION_DUE, due)
    new = {about: edition for about, edition in due.items() if about not in told}
    people = _people_of(new.values())
    return [_of_edition(about, edition, people[edition.pk], today) for about, edition in new.items()]


def _of_edition(about: str, edition: Edition, to: list[Any], today: date) -> Message:
    days_left = (edition.next_due - today).days
    return compose(
        NoticeEvent.EDITION_DUE,
        about,
        to,
        title=edition.title,
        edition=edition,
        days_left=days_left,
        days_late=-days_left,
        address=address_of("review:record", edition.key),
    )


def _people_of(editions: Collection[Edition]) -> dict[int, list[Any]]:
    """Who wrote and submitted each edition, and the editors, as far as they can be reached."""
    submitters = dict(
        Submission.objects.filter(uuid__in=[edition.submission for edition in editions]).values_list(
            "uuid", "submitted_by_id"
        )
    )
    editors = recipients.editors()
    wanted: dict[int, set[int | None]] = {}
    for edition in editions:
        wrote = {person["id"] for person in edition.contributors}
        wanted[edition.pk] = {submitters.get(edition.submission)} | wrote | editors
    reached = {user.pk: user for user in recipients.reached(set().union(*wanted.values()))}
    return {pk: [user for key, user in reached.items() if key in ids] for pk, ids in wanted.items()}


def _told(event: NoticeEvent, abouts: Iterable[str]) -> set[str]:
    told = Notice.objects.filter(event=event, about__in=list(abouts))
    return set(told.values_list("about", flat=True))

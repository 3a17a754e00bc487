"""Notifications about who is asked to review a submission, and by when."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from django.contrib.auth.models import User

from monographs.editions.person import Person
from monographs.review.models import Submission
from monographs.review.notifications import recipients
from monographs.review.notifications.events import NoticeEvent
from monographs.review.notifications.messages import admin_url, compose, thread_of
from monographs.review.notifications.outbox import queue_messages


class _Told(StrEnum):
    """What a person is told; the value is compared in the templates."""

    ASKED = "asked"
    NOT_ASKED = "not_asked"
    DUE = "due"
    REMINDED = "reminded"
    SUBMITTER = "submitter"


def terms_changed(
    submission: Submission,
    by: Person,
    *,
    before: Iterable[User],
    old_due: date | None,
    terms_batch: str,
    remind: bool,
) -> list[User]:
    """Notify those who are, were or no longer are asked, and the submitter; return who is reminded.

    The notices of one ``terms_batch`` are sent as one email to each person (``digest.deliver_terms``).
    """
    were, now = {user.pk for user in before}, set(submission.reviewers.values_list("pk", flat=True))
    moved = submission.due_on != old_due
    told: dict[int | None, _Told] = {}
    if were != now or moved:
        told[submission.submitted_by_id] = _Told.SUBMITTER
    told |= dict.fromkeys(were - now, _Told.NOT_ASKED)
    reminded = recipients.requested_signers(submission) if remind else set()
    told |= dict.fromkeys(reminded, _Told.REMINDED)
    if moved:
        told |= dict.fromkeys(were & now, _Told.DUE)
    told |= dict.fromkeys(now - were, _Told.ASKED)
    accounts = recipients.reachable_accounts(told, without=by)
    for kind in _Told:
        queue_messages(
            *compose(
                NoticeEvent.TERMS_CHANGED,
                f"{thread_of(submission)}/terms-{terms_batch}",
                [user for user in accounts if told[user.pk] == kind],
                title=submission.title,
                told=kind.value,
                by=by,
                submission=submission,
                asked=list(submission.reviewers.all()),
                url=admin_url("review:review", submission.pk),
            )
        )
    return [user for user in accounts if user.pk in reminded]

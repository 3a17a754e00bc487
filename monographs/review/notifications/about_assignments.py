"""Notifications about who is asked for the next review of a page."""

import re
import uuid
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from django.contrib.auth.models import User

from monographs.editions.models import Edition, Publication, PublicationState
from monographs.editions.person import Person
from monographs.review.models import Notice
from monographs.review.notifications import recipients
from monographs.review.notifications.events import NoticeEvent
from monographs.review.notifications.messages import admin_url, compose
from monographs.review.notifications.outbox import queue_messages

#: The page and the day of its review in ``Notice.about``.
_REVIEW = re.compile(r"page-([0-9a-f-]{36})/due-(\d{4}-\d\d-\d\d)/")


class _AssignmentNews(StrEnum):
    """What a person is told; the value is compared in the templates."""

    ASKED = "asked"
    NOT_ASKED = "not_asked"
    REMINDED = "reminded"


def review_assigned(
    edition: Edition,
    page_id: int,
    by: Person,
    *,
    before: User | None,
    after: User | None,
    batch: str,
    remind: bool,
) -> list[User]:
    """Notify who is, was or no longer is asked to review a page; return who is reminded.

    The notices of one ``batch`` are sent as one email to each person (``digest.deliver_terms``).
    """
    told: dict[int, _AssignmentNews] = {}
    if before and before != after:
        told[before.pk] = _AssignmentNews.NOT_ASKED
    if after and (before != after or remind):
        told[after.pk] = _AssignmentNews.REMINDED if before == after else _AssignmentNews.ASKED
    accounts = recipients.reachable_accounts(told, without=by)
    for kind in _AssignmentNews:
        queue_messages(
            *compose(
                NoticeEvent.REVIEW_ASSIGNED,
                f"page-{edition.key}/due-{edition.next_due}/terms-{batch}",
                [user for user in accounts if told[user.pk] == kind],
                title=edition.title,
                told=kind.value,
                by=by,
                edition=edition,
                url=admin_url("due:review", page_id),
            )
        )
    return [user for user in accounts if remind and user == after]


def finished_assignment_notices(notices: Iterable[Notice]) -> set[int]:
    """Return the primary keys of notices about a review that was made meanwhile. One query."""
    asked = [notice for notice in notices if notice.event == NoticeEvent.REVIEW_ASSIGNED]
    found = {notice.pk: match for notice in asked if (match := _REVIEW.match(notice.about))}
    if not found:
        return set()
    keys = {uuid.UUID(match[1]) for match in found.values()}
    current = Publication.objects.filter(key__in=keys, state=PublicationState.CURRENT)
    due: dict[str, date] = {str(key): day for key, day in current.values_list("key", "edition__next_due")}
    return {pk for pk, match in found.items() if str(due.get(match[1])) != match[2]}

"""Notifications about drafts that are set aside for a correction."""

import re
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db.models import UUIDField

from monographs.core.compiled_query import CompiledQuery, Parameter
from monographs.editions.models import Edition
from monographs.editions.person import Person
from monographs.review.models import Notice, SetAsideDraft, SetAsideStatus
from monographs.review.notifications import recipients
from monographs.review.notifications.events import NoticeEvent
from monographs.review.notifications.messages import Message, admin_url, compose
from monographs.review.notifications.outbox import isolate_failures, queue_messages

#: Compiled, because every signature that publishes asks it.
_OPEN: CompiledQuery[SetAsideDraft] = CompiledQuery(
    lambda: SetAsideDraft.objects.filter(key=Parameter("key", UUIDField()), status=SetAsideStatus.OPEN)
)
_ROW = re.compile(r"/set-aside-(\d+)")
#: Notices that ask for something about a draft that is still set aside.
_ABOUT_OPEN_DRAFTS = frozenset({NoticeEvent.DRAFT_SET_ASIDE, NoticeEvent.DRAFT_TO_MERGE})


@isolate_failures
def draft_set_aside(row: SetAsideDraft, by: Person) -> None:
    """Notify those who wrote a draft that it was set aside."""
    to = _writers_of(row, without=by)
    queue_messages(*_about(NoticeEvent.DRAFT_SET_ASIDE, row, to, "review:set_aside:draft", by=by))


@isolate_failures
def draft_left(row: SetAsideDraft, by: Person) -> None:
    """Notify those who wrote a draft set aside that it was left in the history, and why."""
    to = _writers_of(row, without=by)
    history = "wagtailadmin_pages:history"
    queue_messages(*_about(NoticeEvent.DRAFT_LEFT, row, to, history, by=by, reason=row.reason))


def merge_requests(edition: Edition) -> list[Message]:
    """Return the messages that ask to merge a draft set aside, now that ``edition`` is published.

    To editors if nobody who wrote it can be reached. One query if no draft of the page is set aside.
    """
    row = _OPEN.first(key=edition.key) if edition.number > 1 else None
    if row is None:
        return []
    to = _writers_of(row) or recipients.reachable_accounts(recipients.editors())
    subject = f"edition-{edition.number}"
    return _about(
        NoticeEvent.DRAFT_TO_MERGE, row, to, "review:set_aside:merge", subject=subject, edition=edition
    )


def settled_draft_notices(notices: Iterable[Notice]) -> set[int]:
    """Return the primary keys of notices about a draft that is not set aside any more. One query."""
    asked = [notice for notice in notices if notice.event in _ABOUT_OPEN_DRAFTS]
    found = {notice.pk: int(match[1]) for notice in asked if (match := _ROW.search(notice.about))}
    if not found:
        return set()
    rows = SetAsideDraft.objects.filter(pk__in=found.values(), status=SetAsideStatus.OPEN)
    still_open = set(rows.values_list("pk", flat=True))
    return {notice for notice, row in found.items() if row not in still_open}


def _writers_of(row: SetAsideDraft, without: Person | None = None) -> list[User]:
    return recipients.reachable_accounts([person.id for person in row.people()], without=without)


def _about(
    event: NoticeEvent, row: SetAsideDraft, to: list[User], screen: str, subject: str = "", **context: Any
) -> list[Message]:
    about = "/".join(filter(None, [f"page-{row.key}", f"set-aside-{row.pk}", subject]))
    url = admin_url(screen, row.revision.object_id)
    return compose(event, about, to, title=row.revision.content["title"], url=url, **context)

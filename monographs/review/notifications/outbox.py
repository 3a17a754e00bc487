"""Store notices in the transaction of the change they are about, and send them after its commit."""

import logging
from collections.abc import Callable, Iterator, Sequence
from functools import partial, wraps
from typing import ParamSpec

from django.db import transaction
from django.db.models import TextField
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from monographs.core.compiled_query import CompiledQuery, Parameter, among
from monographs.core.users import display_name
from monographs.review.delegates import absences_today, away_text
from monographs.review.models import Notice
from monographs.review.notifications.delivery import deliver_new
from monographs.review.notifications.events import DELEGATED
from monographs.review.notifications.messages import Message, one_line

logger = logging.getLogger(__name__)

Parameters = ParamSpec("Parameters")


def isolate_failures(notify: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """Log an error in a notification instead of raising it, so that the change itself succeeds."""

    @wraps(notify)
    def isolated(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        try:
            with transaction.atomic():
                notify(*args, **kwargs)
        except Exception:  # a broken template must not keep a text from being signed or withdrawn
            logger.exception("The notification %s could not be stored.", notify.__name__)

    return isolated


_STORED: CompiledQuery[tuple[str, str, int]] = CompiledQuery(
    lambda: Notice.objects.filter(
        among("event", Parameter("events", TextField())), among("about", Parameter("about", TextField()))
    ).values_list("event", "about", "user_id")
)


def unsent_notices(messages: Sequence[Message]) -> list[Notice]:
    """Return an unsaved notice for each message and recipient that has none yet, and to delegates.

    At most two queries.
    """
    existing = set(
        _STORED.rows(
            events=list({message.event.value for message in messages}),
            about=list({message.about for message in messages}),
        )
    )
    new = [
        Notice(
            event=message.event.value,
            about=message.about,
            user=recipient,
            subject=message.subject,
            text=message.text,
            html=message.html,
            path=message.path,
        )
        for message in messages
        for recipient in message.to
        if (message.event.value, message.about, recipient.pk) not in existing
    ]
    return [*new, *_for_delegates(new, existing)]


def _for_delegates(notices: Sequence[Notice], existing: set[tuple[str, str, int]]) -> Iterator[Notice]:
    """Yield a notice to who stands in for each recipient that is away, unless they get it themselves."""
    delegated = [notice for notice in notices if notice.event in DELEGATED]
    away = absences_today() if delegated else {}
    told = existing | {(notice.event, notice.about, notice.user_id) for notice in notices}
    for notice in delegated:
        absence = away.get(notice.user_id)
        if absence is None or (notice.event, notice.about, absence.delegate_id) in told:
            continue
        told.add((notice.event, notice.about, absence.delegate_id))
        why = f"You get this for {display_name(absence.user)}, who is {away_text(absence)}."
        yield Notice(
            event=notice.event,
            about=notice.about,
            user=absence.delegate,
            subject=one_line(f"For {display_name(absence.user)}: {notice.subject}"),
            text=f"{why}\n\n{notice.text}",
            html=format_html("<p>{}</p>{}", why, mark_safe(notice.html)),  # noqa: S308  # our own template
            path=notice.path,
        )


def store_new(messages: Sequence[Message]) -> list[Notice]:
    """Store the new notices of ``messages``; of two stored concurrently the database keeps one."""
    new = unsent_notices(messages)
    Notice.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
    return new


def queue_messages(*messages: Message) -> None:
    """Store the new notices of ``messages``, and send them after the commit."""
    if store_new(messages):
        about = {(message.event.value, message.about) for message in messages}
        transaction.on_commit(partial(deliver_new, about), robust=True)

"""Store notices in the transaction of the change they are about, and send them after its commit."""

import logging
from collections.abc import Callable, Sequence
from functools import partial, wraps
from typing import ParamSpec

from django.db import transaction
from django.db.models import TextField

from monographs.core.compiled_query import CompiledQuery, Parameter, among
from monographs.review.models import Notice
from monographs.review.notifications.delivery import deliver_new
from monographs.review.notifications.messages import Message

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
    """Return an unsaved notice for each message and recipient that has none yet. One query."""
    existing = set(
        _STORED.rows(
            events=list({message.event.value for message in messages}),
            about=list({message.about for message in messages}),
        )
    )
    return [
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

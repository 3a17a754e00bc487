"""Notices are stored with what they tell of, and mailed once that is kept."""

import logging
from collections.abc import Callable, Sequence
from functools import partial, wraps
from typing import ParamSpec

from django.db import transaction

from monographs.review.models import Notice
from monographs.review.notifications.delivery import deliver_new
from monographs.review.notifications.messages import Message

logger = logging.getLogger(__name__)

Words = ParamSpec("Words")


def isolate_failures(tell: Callable[Words, None]) -> Callable[Words, None]:
    """Whatever is wrong with a notice, what it would have told of happens all the same."""

    @wraps(tell)
    def told(*args: Words.args, **kwargs: Words.kwargs) -> None:
        try:
            with transaction.atomic():
                tell(*args, **kwargs)
        except Exception:  # a page must be withdrawn, a text signed, also when a template is broken
            logger.exception("the notice %s could not be written", tell.__name__)

    return told


def unsent_notices(letters: Sequence[Message]) -> list[Notice]:
    """A notice, not stored, for each letter and person who has not been told. One query."""
    told = set(
        Notice.objects.filter(
            event__in={letter.event for letter in letters}, about__in={letter.about for letter in letters}
        ).values_list("event", "about", "user_id")
    )
    return [
        Notice(
            event=letter.event.value,
            about=letter.about,
            user=person,
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
        )
        for letter in letters
        for person in letter.to
        if (letter.event.value, letter.about, person.pk) not in told
    ]


def store_new(letters: Sequence[Message]) -> list[Notice]:
    """Store what has not been told; told twice at the same time, the database keeps one."""
    new = unsent_notices(letters)
    Notice.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
    return new


def queue_messages(*letters: Message) -> None:
    """Store what has not been told, and have it mailed when the transaction is kept."""
    if store_new(letters):
        about = {(letter.event.value, letter.about) for letter in letters}
        transaction.on_commit(partial(deliver_new, about), robust=True)

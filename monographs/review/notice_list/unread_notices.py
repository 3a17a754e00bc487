"""Which notices a person has not read yet, and which they read by opening what a notice is about."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest

from monographs.core.db_clock import database_now
from monographs.review.models import Notice
from monographs.review.notifications.events import COLLECTIONS

#: The most that is counted: the menu shows “99+” for more.
MOST_COUNTED = 100


@dataclass(frozen=True, slots=True)
class Unread:
    """How many notices are unread, counted up to ``MOST_COUNTED``."""

    count: int

    @property
    def text(self) -> str:
        """The number as the menu shows it."""
        return f"{MOST_COUNTED - 1}+" if self.count >= MOST_COUNTED else str(self.count)


def notices_of(user: User) -> QuerySet[Notice]:
    """Return the notices of ``user``, newest first; emails that only contain others are none."""
    return Notice.objects.filter(user=user).exclude(event__in=COLLECTIONS).order_by("-pk")


def mark_read(notices: QuerySet[Notice]) -> int:
    """Mark ``notices`` as read; return how many were unread."""
    return notices.filter(read_at=None).update(read_at=database_now())


def unread_of(user: User, request: HttpRequest) -> Unread:
    """Return what is unread on the screen of ``request``; notices about that screen are read by seeing it.

    One query, and one more where there is something to mark.
    """
    unread = list(notices_of(user).filter(read_at=None).values_list("pk", "path")[:MOST_COUNTED])
    seen = [pk for pk, path in unread if path.partition("#")[0] == request.path]
    if seen and request.method == "GET":
        mark_read(Notice.objects.filter(pk__in=seen))
        return Unread(len(unread) - len(seen))
    return Unread(len(unread))

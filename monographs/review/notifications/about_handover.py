"""Notifications about the work of somebody who left."""

from django.contrib.auth.models import User

from monographs.editions.person import Person
from monographs.review.notifications import recipients
from monographs.review.notifications.events import NoticeEvent
from monographs.review.notifications.messages import admin_url, compose
from monographs.review.notifications.outbox import isolate_failures, queue_messages

#: Lines of one email; the others are counted.
MOST_LINES = 200


@isolate_failures
def work_taken_over(left: Person, by: Person, handover: str, work: dict[int, list[str]]) -> None:
    """Notify each person in ``work`` of what is theirs now, a line for each text.

    ``handover`` is the account that left and when: an account that comes back can leave again.
    """
    for pk, lines in work.items():
        to: list[User] = recipients.reachable_accounts([pk], without=by)
        queue_messages(
            *compose(
                NoticeEvent.TAKEN_OVER,
                f"account-{handover}/{pk}",
                to,
                title=left.name,
                left=left,
                by=by,
                lines=lines[:MOST_LINES],
                more=max(0, len(lines) - MOST_LINES),
                url=admin_url("dashboard:index"),
            )
        )

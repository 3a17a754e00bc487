"""Followed labels that a source does not know any more all at once: not believed before it says so for days.

A service that is half up, or moved, answers “not found” for everything.
"""

from datetime import datetime, timedelta

from django.db.models import Count, Min
from django.dispatch import Signal

from monographs.core.db_clock import database_now
from monographs.label_watch.models import LabelCheck

#: One label that goes is believed, and of many a twentieth, but never more than 20 in a round.
_ONE_OF, _MOST = 20, 20
#: How long a source has to say it, round after round.
CONFIRMED_AFTER = timedelta(days=3)
#: How the error of a label begins that a source does not know, and is not believed.
NOT_BELIEVED = "Not believed yet: "

#: Sent when labels begin not to be believed gone: ``service`` (its name), ``count``, and ``asked`` (how many
#: labels it gave an answer about).
labels_vanished = Signal()


def is_mass_absence(gone: int, asked: int) -> bool:
    """Whether too many labels of those that were asked for are gone in one round."""
    return gone > max(1, min(asked // _ONE_OF, _MOST))


def note_unbelieved(check: LabelCheck, detail: str) -> bool:
    """Store that a label is said to be gone, and is not believed; return whether it is so since now.

    Any other answer or failure in between begins the days anew.
    """
    begins = not check.error.startswith(NOT_BELIEVED)
    check.failing_since = database_now() if begins else check.failing_since
    check.error = f"{NOT_BELIEVED}{detail}"[:1000]
    check.save()
    return begins


def is_confirmed(check: LabelCheck, now: datetime) -> bool:
    """Whether a source has said for days, without another answer in between, that a label is gone."""
    since = check.failing_since
    return check.error.startswith(NOT_BELIEVED) and since is not None and now - since >= CONFIRMED_AFTER


def unbelieved_labels() -> tuple[int, datetime | None]:
    """Return how many labels are said to be gone and not believed, and since when; one query."""
    found = LabelCheck.objects.filter(error__startswith=NOT_BELIEVED)
    figures = found.aggregate(count=Count("pk"), since=Min("failing_since"))
    return figures["count"], figures["since"]

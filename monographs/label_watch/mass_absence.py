"""Many followed labels that a service reports as gone at once: unconfirmed until it does so for days.

A service that is half up, or moved, answers “not found” for everything.
"""

from datetime import datetime, timedelta

from django.db.models import Count, Min
from django.dispatch import Signal

from monographs.core.db_clock import database_now
from monographs.label_watch.models import LabelCheck

#: One label that goes is gone, and of many a twentieth, but never more than 20 in a round.
_ONE_OF, _MOST = 20, 20
#: How long a service has to say it, round after round.
CONFIRMED_AFTER = timedelta(days=3)

#: Sent when it begins to be unconfirmed that labels are gone: ``service`` (its name), ``count``, and
#: ``asked`` (how many labels it gave an answer about).
labels_vanished = Signal()


def is_mass_absence(gone: int, asked: int) -> bool:
    """Whether too many labels of those that were asked for are gone in one round."""
    return gone > max(1, min(asked // _ONE_OF, _MOST))


def note_unconfirmed(check: LabelCheck, detail: str) -> bool:
    """Store that a label is reported as gone, but unconfirmed; return whether this is new.

    Any other answer or failure in between begins the days anew.
    """
    begins = check.doubted_since is None
    now = database_now()
    check.doubted_since = check.doubted_since or now
    check.failing_since = now if begins else check.failing_since
    check.error = f"Unconfirmed: {detail}"[:1000]
    check.save()
    return begins


def is_confirmed(check: LabelCheck, now: datetime) -> bool:
    """Whether a service has said for days, without another answer in between, that a label is gone."""
    return check.doubted_since is not None and now - check.doubted_since >= CONFIRMED_AFTER


def unconfirmed_labels() -> tuple[int, datetime | None]:
    """Return of how many labels it is unconfirmed that they are gone, and since when; one query."""
    found = LabelCheck.objects.filter(doubted_since__isnull=False)
    figures = found.aggregate(count=Count("pk"), since=Min("doubted_since"))
    return figures["count"], figures["since"]

"""Days and times relative to now, as the admin's lists show them."""

from datetime import date, datetime, timedelta

from django.utils.timesince import timesince

from monographs.core.db_clock import database_today, recent_now


def due_text(day: date) -> str:
    """Return how far ``day`` is from today (UTC), e.g. “in 3 days” or “overdue by 1 day”."""
    left = (day - database_today()).days
    match left:
        case 0:
            return "today"
        case 1:
            return "tomorrow"
        case _ if left > 1:
            return f"in {left} days"
        case -1:
            return "overdue by 1 day"
        case _:
            return f"overdue by {-left} days"


def elapsed_text(since: datetime) -> str:
    """Return how long ago ``since`` was; Django's ``timesince`` alone would give “0 minutes”."""
    if recent_now() - since < timedelta(minutes=1):
        return "less than a minute"
    return timesince(since, recent_now())

"""Days and times in words, as lists of the desk say them."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince


def due_text(day: date) -> str:
    """How far ``day`` is from today (UTC): what is late says so."""
    left = (day - timezone.now().date()).days
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


def day_words(day: date) -> str:
    """A day as this desk writes it, e.g. December 4, 2026."""
    return str(date_format(day, "F j, Y"))


def elapsed_text(since: datetime) -> str:
    """How long ago ``since`` was; Django would say “0 minutes” of what has just happened."""
    if timezone.now() - since < timedelta(minutes=1):
        return "less than a minute"
    return timesince(since)

"""When a text was last reviewed and when its next review is due."""

import calendar
from datetime import date

from monographs.document.models import BaseDocument
from monographs.editions.models import Edition, ReviewKind


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later, or the last day of a shorter month."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, calendar.monthrange(year, month0 + 1)[1]))


def review_dates(
    document: BaseDocument, previous: Edition | None, kind: ReviewKind | str, signed: date
) -> tuple[date, date]:
    """*Last reviewed* and *next due* of a text signed on a day; a correction keeps those of ``previous``."""
    if kind == ReviewKind.CORRECTION and previous:
        return previous.last_reviewed, previous.next_due
    return signed, add_months(signed, document.review_interval_months)

"""Dates as labels and their histories write them."""

import re
from datetime import date, datetime

_COMPACT = re.compile(r"(\d{4})(\d{2})?(\d{2})?(?:\d{2,6}(?:\.\d+)?(?:[+-]\d{4})?)?")


def compact_date(value: str) -> date | None:
    """Return the date of ``YYYYMMDD`` (a time may follow, month and day may be missing), or None."""
    match = _COMPACT.fullmatch(value.strip())
    if not match:
        return None
    try:
        return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return None


def history_date(value: object) -> date | None:
    """Return the date of DailyMed's history, “Sep 26, 2012”; None for ``"null"``, which it has as a text."""
    if not isinstance(value, str) or value.strip().lower() in ("", "null", "none"):
        return None
    try:
        return datetime.strptime(value.strip(), "%b %d, %Y").date()  # noqa: DTZ007  # a day, not a moment
    except ValueError:
        return compact_date(value)

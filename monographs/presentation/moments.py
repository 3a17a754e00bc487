"""Moments as people read and type them: in UTC, and in the site's time zone, which is named.

An account's own time zone, which Wagtail activates in the admin, has no influence on any of them.
"""

from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.dateformat import format as format_date
from django.utils.translation import override


def site_zone_name() -> str:
    """The name of the site's time zone, a setting."""
    return str(settings.SITE_TIME_ZONE)


@lru_cache(maxsize=8)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def long_day_text(day: date) -> str:
    """E.g. “March 1, 2026”, as days are written in sentences; that of a moment in UTC."""
    return format_date(_utc_day(day), "F j, Y")


def stored_day_text(day: date) -> str:
    """The same in English, for words that are stored and read by people of any language."""
    with override("en"):
        return long_day_text(day)


def short_day_text(day: date) -> str:
    """E.g. “Mar 1, 2026”, as days are written in tables; that of a moment in UTC."""
    return format_date(_utc_day(day), "M j, Y")


def _utc_day(day: date) -> date:
    return day.astimezone(UTC) if isinstance(day, datetime) and day.utcoffset() is not None else day


def moment_text(moment: datetime) -> str:
    """E.g. “2026-03-01 10:00 UTC (21:00 Australia/Sydney)”. Raises ``ValueError`` for a naive time."""
    return _in_both_zones(moment, "Y-m-d H:i", "Y-m-d")


def long_moment_text(moment: datetime) -> str:
    """E.g. “March 1, 2026, 10:00 UTC (21:00 Australia/Sydney)”. Raises ``ValueError`` for a naive time."""
    return _in_both_zones(moment, "F j, Y, H:i", "F j, Y,")


def short_moment_text(moment: datetime) -> str:
    """E.g. “March 1, 10:00 UTC (21:00 Australia/Sydney)”. Raises ``ValueError`` for a naive time."""
    return _in_both_zones(moment, "F j, H:i", "F j,")


def _in_both_zones(moment: datetime, whole: str, day: str) -> str:
    if moment.utcoffset() is None:
        raise ValueError(f"{moment!r} has no time zone")
    utc = moment.astimezone(UTC)
    text = f"{format_date(utc, whole)} UTC"
    name = site_zone_name()
    if name == "UTC":
        return text
    local = utc.astimezone(_zone(name))
    other_day = f"{format_date(local, day)} " if local.date() != utc.date() else ""
    return f"{text} ({other_day}{format_date(local, 'H:i')} {name})"


class AmbiguousTime(ValueError):
    """A time on the clock that does not exist, or that occurs twice, on its day."""


def moment_of(clock_time: datetime, zone: str) -> datetime:
    """The moment, in UTC, at which clocks in ``zone`` show ``clock_time``. Raises ``AmbiguousTime``."""
    if zone == "UTC":
        return clock_time.replace(tzinfo=UTC)
    first, second = (clock_time.replace(tzinfo=_zone(zone), fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        exists = first.astimezone(UTC).astimezone(_zone(zone)).replace(tzinfo=None) == clock_time
        when = "occurs twice" if exists else "does not exist"
        raise AmbiguousTime(
            f"{clock_time:%H:%M} {when} on {clock_time:%Y-%m-%d} in {zone}, because the clocks change that "
            "day. Choose UTC beside the time and type it in UTC."
        )
    return first.astimezone(UTC)

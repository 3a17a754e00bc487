"""Filters that show a day, or a moment in UTC and in the site's time zone; built into every template."""

from datetime import UTC, date, datetime

from django import template

from monographs.presentation.moments import (
    long_day_text,
    long_moment_text,
    short_day_text,
    short_moment_text,
)

register = template.Library()


@register.filter
def moment(value: datetime | None) -> str:
    """Day and time, e.g. “March 1, 2026, 10:00 UTC”; empty for None."""
    return long_moment_text(value) if value else ""


@register.filter
def short_moment(value: datetime | None) -> str:
    """The same without the year; empty for None."""
    return short_moment_text(value) if value else ""


@register.filter
def long_day(value: date | None) -> str:
    """A day in a sentence, e.g. “March 1, 2026”; empty for None."""
    return long_day_text(value) if value else ""


@register.filter
def short_day(value: date | None) -> str:
    """A day in a table, e.g. “Mar 1, 2026”; empty for None."""
    return short_day_text(value) if value else ""


@register.filter
def in_utc(value: datetime) -> datetime:
    """The moment in UTC, for ``date`` filters: without time zone, which they would replace by another."""
    return value.astimezone(UTC).replace(tzinfo=None)

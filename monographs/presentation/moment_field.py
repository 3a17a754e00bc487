"""A form field for a moment, typed in UTC or in the site's time zone, whichever is chosen beside it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString

from monographs.presentation.moments import AmbiguousTime, moment_of, moment_text, site_zone_name

#: How browsers send a time of an input of type ``datetime-local``, with or without seconds.
INPUT_FORMATS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S")


class MomentInput(forms.DateTimeInput):
    """An input for the time, and beside it the zone it is typed in; the moment in both, once it is known."""

    def __init__(self) -> None:
        super().__init__(attrs={"type": "datetime-local"}, format=INPUT_FORMATS[0])

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """The typed text and the chosen zone, UTC if none was sent; None without a text."""
        text = (data.get(name) or "").strip()
        return (text, data.get(f"{name}_zone") or "UTC") if text else None

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        text, zone = value if isinstance(value, tuple) else (value, "UTC")
        if isinstance(text, datetime):
            text = text.astimezone(UTC).replace(tzinfo=None)
        entry = super().render(name, text, attrs, renderer)
        zones = zone_choices()
        if len(zones) > 1:
            select = forms.Select(choices=[(each, each) for each in zones])
            label = {"aria-label": "Time zone of this time", "id": f"id_{name}_zone"}
            entry = format_html("{} {}", entry, select.render(f"{name}_zone", zone, label, renderer))
        try:
            known = moment_text(read_moment(text, zone)) if isinstance(value, tuple) else ""
        except (OverflowError, ValueError):
            known = ""
        return format_html('{} <span class="review-field__help">{}</span>', entry, known) if known else entry


class MomentField(forms.Field):
    """A moment as an aware time in UTC. Django's own field would read it in the account's time zone."""

    widget = MomentInput

    def to_python(self, value: Any) -> datetime | None:
        """The moment of the typed time in the chosen zone."""
        if value in self.empty_values:
            return None
        text, zone = value
        try:
            return read_moment(text, zone)
        except AmbiguousTime as error:
            raise ValidationError(str(error)) from error
        except (OverflowError, ValueError) as error:
            raise ValidationError(
                "Type the day and the time like 2026-03-01T10:00, and choose the time zone beside it: "
                f"{' or '.join(zone_choices())}."
            ) from error


def zone_choices() -> list[str]:
    """The zones in which a moment can be typed."""
    return list(dict.fromkeys(["UTC", site_zone_name()]))


def read_moment(text: str, zone: str) -> datetime:
    """The moment of a typed time. Raises ``ValueError``."""
    if zone not in zone_choices():
        raise ValueError(f"{zone} is not one of the zones offered")
    for each in INPUT_FORMATS:
        try:
            clock_time = datetime.strptime(text, each)  # noqa: DTZ007  # the zone was chosen beside it
        except ValueError:
            continue
        return moment_of(clock_time, zone)
    raise ValueError(f"{text} is not a time")

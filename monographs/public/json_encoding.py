"""JSON as it is sent: deterministic, and harmless wherever it is pasted."""

import json
from datetime import UTC, date, datetime
from typing import Any

#: JSON may write any letter as an escape; with these nothing in an answer can pass for markup.
_MARKUP = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}


def encode(value: Any) -> str:
    """Compact JSON. Moments are RFC 3339 in UTC, days ISO 8601."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return text.translate(_MARKUP)


def with_document(facts: dict[str, Any], canonical: str) -> str:
    """``facts`` and, as their last member, the signed text itself, byte for byte."""
    return f'{encode(facts)[:-1]},"document":{canonical}}}'


def moment(at: datetime) -> str:
    """RFC 3339, to the microsecond, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON")

"""Encode JSON deterministically, and without characters that HTML could read as markup."""

import json
import re
from datetime import UTC, date, datetime
from typing import Any

#: Characters that are written as JSON escapes, so that no value can be read as markup.
_ESCAPED = re.compile("[<>&\u2028\u2029]")


def encode(value: Any) -> str:
    """Return ``value`` as compact JSON. Datetimes are RFC 3339 in UTC, dates ISO 8601."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_encode_other)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def with_document(fields: dict[str, Any], canonical: str) -> str:
    """Return ``fields`` as JSON with a last member ``document``: the signed text itself, byte for byte."""
    return joined(fields, f'{{"document":{canonical}}}')


def joined(fields: dict[str, Any], encoded: str) -> str:
    """Return ``fields`` and then those of the JSON object ``encoded`` as one object; neither is empty."""
    return f"{encode(fields)[:-1]},{encoded[1:]}"


def format_datetime(at: datetime) -> str:
    """Return ``at`` as RFC 3339 in UTC, to the microsecond."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _encode_other(value: Any) -> str:
    if isinstance(value, datetime):
        return format_datetime(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be encoded as JSON")

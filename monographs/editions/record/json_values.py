"""Values of the record: JSON, hashes, times and dates."""

import hashlib
import json
from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Any

GENESIS = "0" * 64
#: Allowed difference between two servers' clocks; as in Kerberos (RFC 4120, section 8.2).
CLOCK_SKEW = timedelta(minutes=5)

Row = dict[str, Any]


def parsed(text: str | bytes) -> Any:
    """The value of JSON text. Raises ``ValueError`` for text that two parsers could read differently."""

    def unique_names(pairs: list[tuple[str, Any]]) -> Row:
        value = dict(pairs)
        if len(value) != len(pairs):
            raise ValueError("a name occurs twice")
        return value

    def refuse(word: str) -> Any:
        raise ValueError(f"{word} is not a whole number")

    text = text.decode("utf-8") if isinstance(text, bytes) else text
    return json.loads(text, object_pairs_hook=unique_names, parse_constant=refuse, parse_float=refuse)


def canonical(value: Any) -> str:
    """RFC 8785 text of a value without fractions: names sorted by UTF-16 code units, no spaces."""

    def ordered(part: Any) -> Any:
        if isinstance(part, dict):
            return {k: ordered(part[k]) for k in sorted(part, key=lambda name: name.encode("utf-16-be"))}
        return [ordered(item) for item in part] if isinstance(part, list) else part

    return json.dumps(ordered(value), ensure_ascii=False, separators=(",", ":"))


def sha256(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def utc_time(text: str) -> datetime:
    """A time of the record. Raises ``ValueError`` unless it is UTC."""
    value = datetime.fromisoformat(text)
    if value.utcoffset() != timedelta(0):
        raise ValueError(f"{text} is not UTC")
    return value


def later_month(day: date, months: int) -> date:
    """The same day ``months`` later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))

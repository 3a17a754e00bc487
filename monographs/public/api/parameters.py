"""What may be asked, strictly: a filter that was misspelt must not silently list everything."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Annotated, Any

from ninja import Schema
from pydantic import BeforeValidator, Field, WithJsonSchema

from monographs.document.models import Slug
from monographs.public.search.service import MAX_QUERY

#: Of medicines, and of editions, in one answer. An edition holds a whole text, so they are fewer.
MONOGRAPHS_AT_ONCE, MOST_MONOGRAPHS = 50, 200
EDITIONS_AT_ONCE, MOST_EDITIONS = 10, 50

#: PostgreSQL's largest integer; no medicine has as many editions.
LAST_NUMBER = 2**31 - 1

#: Longer than any name or label.
LONGEST = 100

_DAY = r"(\d{4})-(\d\d)-(\d\d)"
_MOMENT = re.compile(
    _DAY + r"(?:[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:([Zz])|([+-])(\d\d):(\d\d)))?", re.ASCII
)
_LEAP = 60
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def parse_moment(text: Any) -> datetime:
    """A moment of RFC 3339, or a day (its beginning in UTC). Raises ``ValueError`` for anything else.

    RFC 3339 knows a 61st second and the year 0, which Python does not: they count as the nearest it knows.
    """
    match = _MOMENT.fullmatch(str(text))
    if not match:
        raise ValueError("must be a day, 2026-01-31, or a moment with its offset, 2026-01-31T12:00:00Z")
    year, month, day = (int(part) for part in match.groups()[:3])
    if year == 0:
        date(4, month, day)  # the year 0 would be a leap year, as 4 is
        return _FIRST
    hour, minute, second = (int(part or 0) for part in match.groups()[3:6])
    leap = second == _LEAP
    offset = timedelta(hours=int(match[10] or 0), minutes=int(match[11] or 0))
    whole = datetime(
        *(year, month, day, hour, minute, 59 if leap else second),
        int(f"{match[7] or 0:0<6}"[:6]),
        tzinfo=timezone(-offset if match[9] == "-" else offset),
    )
    try:
        return whole.astimezone(UTC) + timedelta(seconds=leap)
    except OverflowError:
        return _FIRST if match[9] == "+" else _LAST


def parse_day(text: Any) -> date:
    """A day, ISO 8601. Raises ``ValueError`` for anything else."""
    if not re.fullmatch(_DAY, str(text), re.ASCII):
        raise ValueError("must be a day, 2026-01-31")
    return parse_moment(text).date()


def parse_count(text: Any) -> int:
    """Digits. Raises ``ValueError`` for anything else."""
    if not re.fullmatch(r"[0-9]{1,10}", str(text), re.ASCII):
        raise ValueError("must be a whole number")
    return int(text)


Moment = Annotated[
    datetime,
    BeforeValidator(parse_moment),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}]}
    ),
]
Day = Annotated[date, BeforeValidator(parse_day), WithJsonSchema({"type": "string", "format": "date"})]
_Digits = BeforeValidator(parse_count)
#: Something that is written, without control characters.
Words = Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=r"^[^\x00-\x1f\x7f]+$")]
Name = Annotated[Slug, Field(max_length=255)]


class MonographFilters(Schema):
    """Which medicines. Those that meet every filter are listed."""

    class_: Annotated[
        Name | None, Field(alias="class", description="Slug of a drug class's page, or its key.")
    ] = None
    condition: Annotated[Name | None, Field(description="Slug of a condition's page, or its key.")] = None
    route: Annotated[Words | None, Field(description="How it is given, as in `routes`, in any case.")] = None
    updated_since: Annotated[
        Moment | None,
        Field(description="Current edition published at or after this moment, or this day (UTC)."),
    ] = None
    review_due_before: Annotated[Day | None, Field(description="Next review due before this day.")] = None
    cursor: Annotated[Name | None, Field(description="Taken from `next`; means nothing by itself.")] = None
    limit: Annotated[int, Field(ge=1, le=MOST_MONOGRAPHS, description="How many at most."), _Digits] = (
        MONOGRAPHS_AT_ONCE
    )


class EditionRange(Schema):
    """Which editions, counted from the newest."""

    cursor: Annotated[
        Annotated[int, Field(ge=1, le=LAST_NUMBER), _Digits] | None,
        Field(description="Taken from `next`; means nothing by itself."),
    ] = None
    limit: Annotated[int, Field(ge=1, le=MOST_EDITIONS, description="How many at most."), _Digits] = (
        EDITIONS_AT_ONCE
    )


class SearchQuery(Schema):
    """What is looked for."""

    q: Annotated[
        str,
        Field(max_length=MAX_QUERY, description="A name or a part of it, also misspelt, or words of a text."),
    ]

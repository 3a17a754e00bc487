"""Query parameters of the API, validated strictly: a mistyped filter must not silently list everything.

Docstrings and descriptions of the models are published in the OpenAPI document.
"""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Annotated, Any

from ninja import Schema
from pydantic import BeforeValidator, Field, WithJsonSchema

from monographs.document.models import Slug
from monographs.labels.spl import SET_ID
from monographs.public.search.service import MAX_QUERY_LENGTH

#: Default and maximum page size. An edition holds a whole text, so a page has fewer of them.
DEFAULT_MONOGRAPHS, MAX_MONOGRAPHS = 50, 200
DEFAULT_EDITIONS, MAX_EDITIONS = 10, 50

#: The largest PostgreSQL integer; no medicine has as many editions.
MAX_EDITION_NUMBER = 2**31 - 1

#: Characters; longer than any name or label.
MAX_TEXT_LENGTH = 100

_DAY = r"(\d{4})-(\d\d)-(\d\d)"
_DATETIME = re.compile(
    _DAY + r"(?:[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:([Zz])|([+-])(\d\d):(\d\d)))?", re.ASCII
)
_LEAP_SECOND = 60
_MIN_DATETIME, _MAX_DATETIME = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def parse_datetime(text: Any) -> datetime:
    """Parse an RFC 3339 date and time, or a date (its start in UTC). Raises ``ValueError`` for anything else.

    RFC 3339 allows leap seconds and the year 0, which Python does not: the nearest datetime is returned.
    """
    match = _DATETIME.fullmatch(str(text))
    if not match:
        raise ValueError("must be a day, 2026-01-31, or a moment with its offset, 2026-01-31T12:00:00Z")
    year, month, day = (int(part) for part in match.groups()[:3])
    if year == 0:
        date(4, month, day)  # the year 0 would be a leap year, as 4 is
        return _MIN_DATETIME
    hour, minute, second = (int(part or 0) for part in match.groups()[3:6])
    leap = second == _LEAP_SECOND
    offset = timedelta(hours=int(match[10] or 0), minutes=int(match[11] or 0))
    result = datetime(
        *(year, month, day, hour, minute, 59 if leap else second),
        int(f"{match[7] or 0:0<6}"[:6]),
        tzinfo=timezone(-offset if match[9] == "-" else offset),
    )
    try:
        return result.astimezone(UTC) + timedelta(seconds=leap)
    except OverflowError:
        return _MIN_DATETIME if match[9] == "+" else _MAX_DATETIME


def parse_day(text: Any) -> date:
    """Parse an ISO 8601 date. Raises ``ValueError`` for anything else."""
    if not re.fullmatch(_DAY, str(text), re.ASCII):
        raise ValueError("must be a day, 2026-01-31")
    return parse_datetime(text).date()


def parse_count(text: Any) -> int:
    """Parse a number of up to ten digits. Raises ``ValueError`` for anything else."""
    if not re.fullmatch(r"[0-9]{1,10}", str(text), re.ASCII):
        raise ValueError("must be a whole number")
    return int(text)


DateTime = Annotated[
    datetime,
    BeforeValidator(parse_datetime),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}]}
    ),
]
Date = Annotated[date, BeforeValidator(parse_day), WithJsonSchema({"type": "string", "format": "date"})]
_Digits = BeforeValidator(parse_count)
#: Text without control characters.
Text = Annotated[str, Field(min_length=1, max_length=MAX_TEXT_LENGTH, pattern=r"^[^\x00-\x1f\x7f]+$")]
Name = Annotated[Slug, Field(max_length=255)]


#: The two parameters of every list of medicines.
PathCursor = Annotated[Name | None, Field(description="Taken from `next`; means nothing by itself.")]
PageSize = Annotated[int, Field(ge=1, le=MAX_MONOGRAPHS, description="How many at most."), _Digits]


class ParameterSchema(Schema):
    """Base class of the parameters of one address. The OpenAPI document names it ``published``."""

    def __init_subclass__(cls, *, published: str, **kwargs: Any) -> None:
        # Before pydantic derives titles and references from the name
        cls.__name__ = cls.__qualname__ = published
        super().__init_subclass__(**kwargs)


class MonographFilters(ParameterSchema, published="Filters"):
    """Which medicines. Those that meet every filter are listed."""

    class_: Annotated[
        Name | None, Field(alias="class", description="Slug of a drug class's page, or its key.")
    ] = None
    condition: Annotated[Name | None, Field(description="Slug of a condition's page, or its key.")] = None
    route: Annotated[Text | None, Field(description="How it is given, as in `routes`, in any case.")] = None
    updated_since: Annotated[
        DateTime | None,
        Field(description="Current edition published at or after this moment, or this day (UTC)."),
    ] = None
    review_due_before: Annotated[Date | None, Field(description="Next review due before this day.")] = None
    cursor: PathCursor = None
    limit: PageSize = DEFAULT_MONOGRAPHS


class LabelFilters(ParameterSchema, published="LabelRange"):
    """Which medicines, in order of their path."""

    cursor: PathCursor = None
    limit: PageSize = DEFAULT_MONOGRAPHS


class LabelVersionFilters(ParameterSchema, published="LabelVersionRange"):
    """Which versions of labels, in order of their set id, the newest first."""

    cursor: Annotated[
        Annotated[str, Field(pattern=rf"^{SET_ID.pattern}\.[0-9]{{9}}$")] | None,
        Field(description="Taken from `next`; means nothing by itself."),
    ] = None
    limit: PageSize = DEFAULT_MONOGRAPHS


class EditionRange(ParameterSchema, published="Stretch"):
    """Which editions, counted from the newest."""

    cursor: Annotated[
        Annotated[int, Field(ge=1, le=MAX_EDITION_NUMBER), _Digits] | None,
        Field(description="Taken from `next`; means nothing by itself."),
    ] = None
    limit: Annotated[int, Field(ge=1, le=MAX_EDITIONS, description="How many at most."), _Digits] = (
        DEFAULT_EDITIONS
    )


class SearchQuery(ParameterSchema, published="Query"):
    """What is looked for."""

    q: Annotated[
        str,
        Field(
            max_length=MAX_QUERY_LENGTH,
            description="A name or a part of it, also misspelt, or words of a text.",
        ),
    ]

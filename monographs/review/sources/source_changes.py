"""The record of a source's changes in words: which fields each one changed, from what to what."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import DateField, Field, ForeignKey

from monographs.editions.person import Person
from monographs.presentation.moments import long_day_text
from monographs.source_library.models import LibrarySource, SourceChange

_NONE = "–"


@dataclass(frozen=True, slots=True)
class ChangedField:
    """A field that a change of a source gave another value, in words; the first one has no ``before``."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class DescribedChange:
    """A change of a source: when, by whom, and which fields."""

    at: datetime
    person: Person
    is_first: bool
    fields: tuple[ChangedField, ...]


def described_changes(source: LibrarySource) -> list[DescribedChange]:
    """Return the changes of a source, the newest first. Two queries."""
    rows = list(SourceChange.objects.filter(source=source.pk).order_by("pk"))
    named = {row.values["superseded_by_id"] for row in rows if row.values} - {None}
    titles = {str(each.pk): str(each) for each in LibrarySource.objects.filter(pk__in=named)}
    found = []
    before: dict[str, Any] | None = None
    for row in rows:
        after = row.values or {}
        fields = tuple(_changed_fields(before, after, titles))
        found.append(DescribedChange(row.at, Person(**row.person), before is None, fields))
        before = after
    return found[::-1]


def _changed_fields(
    before: dict[str, Any] | None, after: dict[str, Any], titles: dict[str, str]
) -> Iterator[ChangedField]:
    """Yield the fields with another value than ``before``; of a source that was added, those with any."""
    for field in LibrarySource._meta.concrete_fields:
        name = field.attname
        old, new = (before or {}).get(name) or "", after.get(name) or ""
        if name in after and old != new:
            words = "" if before is None else _words(field, old, titles)
            yield ChangedField(str(field.verbose_name), words, _words(field, new, titles))


def _words(field: Field[Any, Any], value: str, titles: dict[str, str]) -> str:
    match field:
        case _ if not value:
            return _NONE
        case ForeignKey():
            return titles.get(value, "a source that was deleted")
        case DateField():
            return long_day_text(date.fromisoformat(value))
        case _:
            return str(dict(field.flatchoices).get(value, value))

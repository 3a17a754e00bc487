"""Rows of the append-only tables and publications as JSON lines, with every column."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from monographs.editions.models import iso

#: Rows fetched at a time, which bounds memory.
CHUNK = 500
ALL_ROWS = models.Q()


@dataclass(frozen=True, slots=True)
class ExportTable:
    """A table and the file its rows are written to, in the order of the primary key.

    ``label`` names its model, which may be of an app that imports this one.
    """

    name: str
    label: str

    @property
    def model(self) -> type[models.Model]:
        """The table's model."""
        return apps.get_model(self.label)

    @property
    def file(self) -> str:
        """The file's name within the folder."""
        return f"{self.name}.jsonl"

    def rows(self, only: models.Q = ALL_ROWS) -> Iterator[dict[str, Any]]:
        """Yield each row, or each that matches ``only``, as JSON values."""
        columns = [field.attname for field in self.model._meta.concrete_fields]
        rows = self.model._default_manager.filter(only).order_by("pk").values(*columns)
        for row in rows.iterator(chunk_size=CHUNK):
            yield {column: plain_value(value) for column, value in row.items()}

    def lines(self) -> Iterator[bytes]:
        """Yield each row as a line of JSON."""
        for row in self.rows():
            line = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            yield f"{line}\n".encode()


#: All exported tables; ``verify_export.py`` has a counterpart of each.
TABLES = (
    ExportTable("editions", "editions.Edition"),
    ExportTable("signatures", "editions.Signature"),
    ExportTable("contributions", "editions.Contribution"),
    ExportTable("retractions", "editions.Retraction"),
    ExportTable("conflicts", "editions.ConflictOfInterest"),
    ExportTable("conflict_ends", "editions.ConflictEnd"),
    ExportTable("withdrawals", "editions.Withdrawal"),
    ExportTable("sentences", "editions.PreparedSentence"),
    ExportTable("label_answers", "label_watch.LabelAnswer"),
    ExportTable("publications", "editions.Publication"),
    ExportTable("figures", "editions.EditionFigure"),
    ExportTable("ledger", "editions.LedgerEntry"),
)


def plain_value(value: Any) -> Any:
    """A column's value as JSON: times in UTC, dates, and UUIDs as text."""
    match value:
        case datetime():
            return iso(value)
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case list():
            return [plain_value(item) for item in value]
    return value

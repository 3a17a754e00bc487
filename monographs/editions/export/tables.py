"""The rows of the record as plain data, one JSON object a line, every column of every table."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models

from monographs.editions.models import (
    Contribution,
    Edition,
    EditionFigure,
    LedgerEntry,
    Publication,
    Signature,
    Withdrawal,
    iso,
)

#: Rows fetched at a time; memory stays the same however long the record is.
CHUNK = 500


@dataclass(frozen=True, slots=True)
class ExportTable:
    """One table and the file its rows go to, in the order of its primary key."""

    name: str
    model: type[models.Model]

    @property
    def file(self) -> str:
        """The file's name within the folder."""
        return f"{self.name}.jsonl"

    def lines(self) -> Iterator[bytes]:
        """Each row as a line of JSON."""
        columns = [field.attname for field in self.model._meta.concrete_fields]
        rows = self.model._default_manager.order_by("pk").values(*columns)
        for row in rows.iterator(chunk_size=CHUNK):
            plain = {column: _plain(value) for column, value in row.items()}
            line = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            yield f"{line}\n".encode()


#: Everything the record holds. What the verifier knows of each is in ``verify_export.py``.
TABLES = (
    ExportTable("editions", Edition),
    ExportTable("signatures", Signature),
    ExportTable("contributions", Contribution),
    ExportTable("withdrawals", Withdrawal),
    ExportTable("publications", Publication),
    ExportTable("figures", EditionFigure),
    ExportTable("ledger", LedgerEntry),
)


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return iso(value)
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case list():
            return [_plain(item) for item in value]
    return value

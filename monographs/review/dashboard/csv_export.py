"""The board as a table for a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from monographs.presentation.spreadsheet_cells import plain
from monographs.review.dashboard.rows import DashboardRow

#: Excel takes a file without it for the machine's old code page and shows accents as other letters.
BYTE_ORDER_MARK = "\ufeff"
_HEADINGS = [
    "Name",
    "Kind",
    "Stage",
    "Remark",
    "At this stage since (UTC)",
    "Due",
    "Edition",
    "Written by",
    "Submitted by",
    "Asked to review",
    "Signed by",
]


class _Echo:
    """A file that gives back what is written, so that a long table is sent as it is made."""

    def write(self, value: str) -> str:
        return value


def lines(rows: Iterable[DashboardRow]) -> Iterator[str]:
    """The table, line by line."""
    writer = csv.writer(_Echo())
    yield BYTE_ORDER_MARK + writer.writerow(_HEADINGS)
    for row in rows:
        yield writer.writerow([plain(cell) for cell in _cells(row)])


def _cells(row: DashboardRow) -> list[Any]:
    return [
        row.title,
        row.kind,
        row.stage.label,
        row.note,
        f"{row.since:%Y-%m-%d %H:%M}" if row.since else "",
        row.due.isoformat() if row.due else "",
        row.edition or "",
        "; ".join(row.writers),
        row.submitter,
        "; ".join(row.named),
        "; ".join(row.signers),
    ]

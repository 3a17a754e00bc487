"""The rows of a table as they are shown."""

from dataclasses import dataclass

from monographs.document.parts import Table


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell of a table; ``column`` is the name of its column, which a phone shows beside it."""

    html: str
    column: str
    names_row: bool


def table_rows(table: Table) -> list[list[ShownCell]]:
    """Return the rows of a table below its header row."""
    return [
        [ShownCell(cell, *_names_of_cell(table, number)) for number, cell in enumerate(row)]
        for row in table.rows
    ]


def _names_of_cell(table: Table, number: int) -> tuple[str, bool]:
    """The name of a cell's column, and whether the cell names its row."""
    return (table.header[number] if number < len(table.header) else ""), table.row_headers and number == 0

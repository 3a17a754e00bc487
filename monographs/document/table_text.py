"""A table as plain text: for searches, structured data, and places that hold no table."""

from collections.abc import Iterator, Sequence

from monographs.document.html import plain_text
from monographs.document.parts import Table


def row_of(names: Sequence[str], cells: Sequence[str]) -> str:
    """Return the cells of a row as one text, each after the name of its column: “Day: 1; Dose: 0.5 mg”.

    Cells are kept apart by a semicolon, so that no two numbers read as one. Empty cells are left out.
    """
    named = zip((*names, *[""] * (len(cells) - len(names))), cells, strict=False)
    return "; ".join(f"{name}: {cell}" if name else cell for name, cell in named if cell)


def table_texts(table: Table) -> Iterator[str]:
    """Yield the caption, and a text for each row; for the header row of a table without others, too."""
    yield table.caption
    names = [cell_text(cell) for cell in table.header]
    if not table.rows:
        yield "; ".join(filter(None, names))
    for row in table.rows:
        yield row_of(names, [cell_text(cell) for cell in row])


def cell_text(html: str) -> str:
    """Return the text of a cell."""
    return plain_text(html)

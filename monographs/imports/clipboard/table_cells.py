"""The cells of a table in clipboard HTML, each in every column and row over which it is merged."""

from collections.abc import Callable
from dataclasses import dataclass

from monographs.imports.clipboard.elements import Element
from monographs.imports.clipboard.looks import Look, is_hidden, look_of
from monographs.imports.clipboard.pasted_units import CellUnits, PastedUnit, PasteNotice, TableUnit
from monographs.imports.clipboard.stylesheets import StyleSheet

CellReader = Callable[[Element, Look], CellUnits]
#: Larger spans are not credible; browsers end a column span at 1000.
_MAX_SPAN = 100
#: Cells of a table that are read.
_MAX_CELLS = 20_000


@dataclass(slots=True)
class _Below:
    """A cell that spans rows below."""

    rows: int
    cell: CellUnits


def read_table(
    element: Element, look: Look, read: CellReader, sheet: StyleSheet
) -> tuple[TableUnit, Element]:
    """Return a table, and an element with what stands in it outside of cells."""
    table, stray = TableUnit([]), Element("div", parent=element.parent)
    below: dict[int, _Below] = {}
    cells = 0
    for tr, within in _rows(element, look, sheet, table, stray, read):
        row: list[CellUnits] = []
        hidden = within.omitted is not None and is_hidden(tr, sheet.declarations(tr))
        for child in tr.children:
            if isinstance(child, str) or child.tag not in {"td", "th"}:
                stray.children.append(child)
                continue
            cells += 1
            _add_spanning(row, below)
            if cells > _MAX_CELLS:
                continue
            cell = read(child, within)
            across, down = _span(child, "colspan"), _span(child, "rowspan")
            for _ in range(across):
                if down > 1:
                    below[len(row)] = _Below(down, cell)
                row.append(cell)
        _add_spanning(row, below, rest=True)
        below = {n: _Below(b.rows - 1, b.cell) for n, b in below.items() if b.rows > 1}
        table.rows.append(row)
        table.heads.append(not hidden and tr.parent is not None and tr.parent.tag == "thead")
    if cells > _MAX_CELLS:
        table.notices.append(PasteNotice(f"Only the first {_MAX_CELLS} cells of this table were read."))
    return table, stray


def _add_spanning(row: list[CellUnits], below: dict[int, _Below], *, rest: bool = False) -> None:
    """Append cells that span from rows above, up to the next free column."""
    last = max((n for n, b in below.items() if b.rows > 0), default=-1)
    while (cell := below.get(len(row))) is not None or (rest and len(row) <= last):
        row.append(cell.cell if cell is not None else CellUnits([]))


def _span(element: Element, name: str) -> int:
    number = element.attrs.get(name, "1").strip()
    return min(max(int(number), 1), _MAX_SPAN) if number.isdecimal() and len(number) <= 5 else 1  # noqa: PLR2004


def _rows(
    element: Element, look: Look, sheet: StyleSheet, table: TableUnit, stray: Element, read: CellReader
) -> "list[tuple[Element, Look]]":
    """Return the rows of a table with the look of each; reads its caption."""
    found: list[tuple[Element, Look]] = []
    for child in element.children:
        if isinstance(child, str) or child.tag in {"col", "colgroup"}:
            if isinstance(child, str):
                stray.children.append(child)
            continue
        inner = look_of(child, sheet.declarations(child), look, inline=False)
        if child.tag == "tr":
            found.append((child, inner))
        elif child.tag in {"thead", "tbody", "tfoot"}:
            found += _rows(child, inner, sheet, table, stray, read)
        elif child.tag == "caption":
            table.caption += [
                r for unit in read(child, look).units if isinstance(unit, PastedUnit) for r in unit.runs
            ]
        else:
            stray.children.append(child)
    return found

"""The unit of a table: lines about it, then a line for each cell, row by row."""

from collections.abc import Iterator

from monographs.core.translation_marks import gettext_noop as _
from monographs.document.html import inline_html, plain_text
from monographs.document.parts import Table
from monographs.redline.html_lines import lines_of_html
from monographs.redline.model import LineContext, LinePlace
from monographs.redline.tokens import Pieces
from monographs.redline.unit_lines import TableShape, Unit, UnitLine, pieces_of
from monographs.redline.vocabulary import YES

#: The label of a table, before its caption, and of the field that is set if the first column names the rows.
TABLE = _("Table")
ROWS_NAMED = _("The first column names the rows")
_PLACE_KEY = "table"


def table_unit(table: Table) -> Unit:
    """Return a table as one unit. Each cell stands under the names of its row and column."""
    head = [UnitLine(LineContext("table", label=TABLE), pieces_of(table.caption))]
    if table.row_headers:
        head.append(UnitLine(LineContext("mark", label=ROWS_NAMED), pieces_of(YES)))
    shape = TableShape(len(head), table.column_count, bool(table.header))
    return Unit((*head, *_cells(table)), shape)


def _cells(table: Table) -> Iterator[UnitLine]:
    inside = LinePlace(TABLE, table.caption)
    width = table.column_count
    names = [LinePlace(_("Column"), plain_text(cell)) for cell in table.header]
    if table.header:
        yield from (_cell("column", cell, (inside,)) for cell in _filled(table.header, width))
    for number, row in enumerate(table.rows, 1):
        row_name = plain_text(row[0]) if table.row_headers and row else ""
        for column, cell in enumerate(_filled(row, width)):
            place = (inside, LinePlace(_("Row"), row_name or str(number)), *names[column : column + 1])
            if table.row_headers and column == 0:
                yield _cell("row", cell, (inside,))
            else:
                yield _cell("cell", cell, place)


def _filled(row: tuple[str, ...], width: int) -> tuple[str, ...]:
    return (*row, *[""] * (width - len(row)))


def _cell(kind: str, html: str, places: tuple[LinePlace, ...]) -> UnitLine:
    return UnitLine(LineContext(kind, places=places), _pieces(html), _PLACE_KEY)


def _pieces(html: str) -> Pieces:
    """The text of a cell, split where its form changes; empty for an empty cell."""
    return next((pieces for _context, pieces in lines_of_html(inline_html(html))), ())

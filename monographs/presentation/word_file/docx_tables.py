"""Tables of a redline as tables of a Word file: new and removed rows and columns are tracked, too."""

from collections.abc import Sequence

from monographs.presentation.word_file.docx_markup import element
from monographs.presentation.word_file.docx_paragraphs import ParagraphWriter
from monographs.redline import Line, Op

#: Twentieths of a point: the width of the text on a page of A4 with our margins.
TEXT_WIDTH = 9070
_BORDERS = ("top", "left", "bottom", "right", "insideH", "insideV")
_EMPTY = element("p", element("pPr", element("pStyle", val="MonographCell")))


def table_markup(lines: Sequence[Line], writer: ParagraphWriter) -> str:
    """Return the table whose cells are ``lines``, row by row."""
    rows: dict[int, list[Line]] = {}
    for line in lines:
        rows.setdefault(line.cell.row if line.cell else 0, []).append(line)
    columns = max(line.cell.column for line in lines if line.cell)
    width = TEXT_WIDTH // columns
    grid = element("tblGrid", *[element("gridCol", w=width)] * columns)
    return element(
        "tbl", _properties(lines), grid, *(_row(row, columns, width, writer) for row in rows.values())
    )


def _properties(lines: Sequence[Line]) -> str:
    borders = (element(side, val="single", sz=4, space=0, color="A6A6A6") for side in _BORDERS)
    header = any(line.kind == "column" for line in lines)
    named = any(line.kind == "row" for line in lines)
    look = element("tblLook", firstRow=int(header), firstColumn=int(named), noHBand=1, noVBand=1)
    return element("tblPr", element("tblW", w=TEXT_WIDTH, type="dxa"), element("tblBorders", *borders), look)


def _row(lines: list[Line], columns: int, width: int, writer: ParagraphWriter) -> str:
    ops = {line.op for line in lines}
    whole = next(iter(ops)) if len(ops) == 1 and ops <= {Op.INSERTED, Op.DELETED} else None
    properties = [element("cantSplit")]
    if all(line.kind == "column" for line in lines):
        properties.append(element("tblHeader"))
    if whole is not None:
        properties.append(writer.runs.state.tracked(whole))
    by_column: dict[int, list[Line]] = {}
    for line in lines:
        by_column.setdefault(line.cell.column if line.cell else 0, []).append(line)
    cells = [_cell(by_column.get(at, []), width, whole, writer) for at in range(1, columns + 1)]
    return element("tr", element("trPr", *properties), *cells)


def _cell(lines: list[Line], width: int, whole: Op | None, writer: ParagraphWriter) -> str:
    names = any(line.kind in ("column", "row") for line in lines)
    properties = [element("tcW", w=width, type="dxa")]
    if names:
        properties.append(element("shd", val="clear", color="auto", fill="F2F2F2"))
    ops = {line.op for line in lines}
    if whole is None and len(ops) == 1 and (op := next(iter(ops))) in (Op.INSERTED, Op.DELETED):
        tag = "cellIns" if op is Op.INSERTED else "cellDel"
        properties.append(writer.runs.state.changed(tag))
    content = "".join(writer.paragraphs(line) for line in lines)
    return element("tc", element("tcPr", *properties), content or _EMPTY)

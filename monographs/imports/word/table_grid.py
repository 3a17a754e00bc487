"""Tables of a Word file: rows of cells, or a frame for the layout of a page."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from monographs.imports.paragraphs import SourceParagraph
from monographs.imports.parsed_text import Block, ListItem, Markup, ParsedList, ParsedTable, texts_of
from monographs.imports.remarks import Remark, RemarkKind
from monographs.imports.rich_text import inline_plain
from monographs.imports.text_tables import row
from monographs.imports.word.inline_text import InlineText
from monographs.imports.word.word_body import WordPiece, WordTable

#: Between paragraphs of one cell.
_BREAK = "<br/>"
#: Columns of a table of labels and values.
_PAIR = 2
#: The widest table that the editor and a phone show (``monographs.document.parts``).
MOST_COLUMNS = 6
#: Characters. A merged cell up to this length is a label, and repeated wherever it was.
_LABEL = 200
_WIDE = (
    "A table of {count} columns is too wide for a page, which shows six. Its rows became items of a list; "
    "divide it in two."
)
_NESTED = "A table inside a cell became text of the cell; check it."
_SPANS = "Merged cells were repeated in each row and column that they cover; check them."

Cell = list[SourceParagraph]


@dataclass(slots=True)
class TableGrid:
    """The cells of a table: each once in ``cells``; in ``rows`` wherever it is, so that all are equally long."""

    rows: list[list[Cell]] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    header_row: bool = False
    row_headers: bool = False
    spans: bool = False
    nested: bool = False

    @classmethod
    def of(cls, table: WordTable, read: Callable[[list[WordPiece]], Cell]) -> "TableGrid":
        """Return the cells of ``table``, each read by ``read``."""
        grid = cls(header_row=table.header_row, row_headers=table.row_headers)
        above: list[Cell] = []
        for cells in table.rows:
            line: list[Cell] = []
            for cell in cells:
                content = read(cell.pieces)
                grid.nested |= any(isinstance(piece, WordTable) for piece in cell.pieces)
                if cell.continues:
                    grid.spans = True
                    repeated = _label(above[len(line)]) if len(line) < len(above) else []
                    content = [*repeated, *content]
                if content and not cell.continues:
                    grid.cells.append(content)
                elif cell.continues and content and content != repeated:
                    grid.cells.append(content[len(repeated) :])
                line.append(content)
                grid.spans |= cell.columns > 1 and bool(content)
                line += [_label(content) for _ in range(cell.columns - 1)]
            grid.rows.append(line)
            above = line
        width = grid.width
        for line in grid.rows:
            line += [[] for _ in range(width - len(line))]
        return grid

    @property
    def width(self) -> int:
        """Number of columns."""
        return max((len(cells) for cells in self.rows), default=0)

    @property
    def words(self) -> str:
        """The words of all cells."""
        return " ".join(unit.line.strip("#*• ") for cell in self.cells for unit in cell)

    def is_frame(self, is_heading: Callable[[SourceParagraph], bool]) -> bool:
        """Whether it is a layout: a single column, or section headings in it."""
        return self.width <= 1 or any(is_heading(unit) for cell in self.cells for unit in cell)

    def as_rows(self, caption: InlineText | None) -> list[SourceParagraph]:
        """Return a unit for each row that is not empty; joined, they are one table."""
        rows = [[_html(cell) for cell in cells] for cells in self.rows]
        units: list[SourceParagraph] = []
        header = self._names_columns(rows)
        for cells, texts in zip(self.rows, rows, strict=True):
            if not any(texts):
                continue
            plain = [inline_plain(text, markup=Markup.HTML) for text in texts]
            line = ": ".join(plain) if self.width == _PAIR and all(plain) else f"• {' '.join(plain)}"
            block = self._row_block(texts, header)
            own = [unit for cell in cells for unit in cell]
            block.cites = [cite for unit in own for cite in unit.block.cites]
            block.remarks = [remark for unit in own for remark in unit.block.remarks]
            units.append(SourceParagraph(line, block, joins=bool(units)))
        if units:
            self._finish(units[0].block, caption)
        return units

    def _row_block(self, texts: list[str], header: bool) -> ParsedList | ParsedTable:
        if self.width > MOST_COLUMNS:
            return ParsedList([ListItem(row(texts))], rows=True)
        return ParsedTable([texts], header_row=header, row_headers=self.row_headers)

    def _finish(self, block: object, caption: InlineText | None) -> None:
        """Set the caption, and say what is not as it was."""
        if not isinstance(block, ParsedList | ParsedTable):
            return
        words = " ".join(unit.line for cells in self.rows[:1] for cell in cells for unit in cell)
        if isinstance(block, ParsedList):
            message = _WIDE.format(count=self.width)
            block.remarks.append(Remark(RemarkKind.CHANGED, message, words, result=words))
        if self.spans:
            block.remarks.append(Remark(RemarkKind.CHANGED, _SPANS, words, result=words))
        if self.nested:
            block.remarks.append(Remark(RemarkKind.CHANGED, _NESTED, words, result=words))
        if caption is not None:
            block.cites = [*caption.cites, *block.cites]
            block.remarks = [*caption.remarks(), *block.remarks]
            if isinstance(block, ParsedTable):
                block.caption = caption.html(bold=False)
            else:
                block.items.insert(0, ListItem(caption.html(bold=False)))

    def _names_columns(self, rows: list[list[str]]) -> bool:
        """Whether the first row names the columns: marked so, bold, or the only one without a number."""
        if self.header_row or len(rows) <= 1:
            return self.header_row
        first = [cell for cell in rows[0] if cell]
        if not first or len(first) < len(rows[0]) - 1:
            return False
        if all(cell.startswith("<b>") and cell.endswith("</b>") for cell in first):
            return True
        numbers = [any(c.isdigit() for cell in line for c in cell) for line in rows]
        return not numbers[0] and all(numbers[1:])


def _html(cell: Cell) -> str:
    """Return the rich text of a cell: each paragraph, item or inner row on a line of its own."""
    lines: list[str] = []
    number = 0
    for unit in cell:
        block = unit.block
        if isinstance(block, ParsedList) and not block.rows:
            for item in block.items:
                number = number + 1 if item.ordered else 0
                lines.append(f"{number}. {item.text}" if item.ordered else f"• {item.text}")
        elif isinstance(block, ParsedTable):
            lines += [row(cells) for cells in block.rows]
        else:
            lines += texts_of(block)
    return _BREAK.join(line for line in lines if line)


def _label(cell: Cell) -> Cell:
    """Return what is repeated of a merged cell: its units without footnotes and remarks, if it is short."""
    texts = [text for unit in cell for text in texts_of(unit.block)]
    if sum(map(len, texts)) > _LABEL:
        return []
    return [SourceParagraph(unit.line, _bare(unit)) for unit in cell]


def _bare(unit: SourceParagraph) -> Block:
    return replace(unit.block, cites=[], remarks=[])

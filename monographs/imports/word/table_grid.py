"""Tables of a Word file: rows of texts, or a frame for the layout of a page."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bs4 import Tag

from monographs.imports.paragraphs import SourceParagraph
from monographs.imports.parsed_text import ListItem, Markup, ParsedList, texts_of
from monographs.imports.rich_text import inline_plain
from monographs.imports.text_tables import row

#: Between paragraphs of one cell.
_WITHIN = "; "
#: Columns of a table of labels and values.
_PAIR = 2
#: Characters. A merged cell up to this length is a label, and repeated in each row that it spans.
_LABEL = 200
#: Digits. Larger spans are not credible.
_DIGITS = 4


@dataclass(slots=True)
class TableGrid:
    """The cells of a table, each once in ``cells``; in ``rows`` a cell that spans rows is in each of them."""

    rows: list[list[list[SourceParagraph]]] = field(default_factory=list)
    cells: list[list[SourceParagraph]] = field(default_factory=list)
    spans: bool = False
    nested: bool = False

    @property
    def width(self) -> int:
        """Number of columns."""
        return max((len(cells) for cells in self.rows), default=0)

    def is_frame(self, is_heading: Callable[[SourceParagraph], bool]) -> bool:
        """Whether it is a layout: a single column, section headings, or nested tables."""
        headed = any(is_heading(unit) for cell in self.cells for unit in cell)
        return self.width <= 1 or self.nested or headed

    def as_rows(self) -> list[SourceParagraph]:
        """Return a unit for each row that is not empty."""
        found: list[SourceParagraph] = []
        for cells in self.rows:
            texts = [_WITHIN.join(text for unit in cell for text in texts_of(unit.block)) for cell in cells]
            if not any(texts):
                continue
            plain = [inline_plain(text, markup=Markup.HTML) for text in texts]
            line = ": ".join(plain) if self.width == _PAIR and all(plain) else f"• {' '.join(plain)}"
            cites = [cite for cell in cells for unit in cell for cite in unit.block.cites]
            found.append(
                SourceParagraph(
                    line, ParsedList([ListItem(row(texts))], rows=True, cites=cites), joins=bool(found)
                )
            )
        return found


@dataclass(slots=True)
class _RowSpan:
    """A cell that spans rows below."""

    rows: int
    width: int
    cell: list[SourceParagraph]


def grid_of(table: Tag, read: Callable[[Tag], list[SourceParagraph]]) -> TableGrid:
    """Return the cells of ``table``, each parsed by ``read``."""
    grid = TableGrid(nested=table.find("table") is not None)
    spanning: dict[int, _RowSpan] = {}
    for tr in (tag for tag in table.find_all("tr") if tag.find_parent("table") is table):
        below = {n: _RowSpan(h.rows - 1, h.width, h.cell) for n, h in spanning.items() if h.rows > 1}
        column, seen = 0, list[list[SourceParagraph]]()
        for tag in tr.find_all(["td", "th"], recursive=False):
            column = _add_spanning(spanning, column, seen)
            cell, width, rows = read(tag), _span(tag, "colspan"), _span(tag, "rowspan")
            if rows > 1:
                grid.spans = True
                below[column] = _RowSpan(rows - 1, width, _repeated(cell))
            seen.append(cell)
            grid.cells.append(cell)
            column += width
        _add_spanning(spanning, column, seen)
        grid.rows.append(seen)
        spanning = below
    return grid


def _add_spanning(spanning: dict[int, _RowSpan], column: int, seen: list[list[SourceParagraph]]) -> int:
    """Append cells that span from rows above; return the next free column."""
    while column in spanning:
        seen.append(spanning[column].cell)
        column += spanning[column].width
    return column


def _repeated(cell: list[SourceParagraph]) -> list[SourceParagraph]:
    return cell if sum(len(text) for unit in cell for text in texts_of(unit.block)) <= _LABEL else []


def _span(tag: Tag, name: str) -> int:
    number = str(tag.get(name) or "1")
    return int(number) if number.isdecimal() and len(number) <= _DIGITS else 1

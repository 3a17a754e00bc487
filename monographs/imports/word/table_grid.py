"""Tables of a Word file: rows of texts, or a frame in which somebody laid out a page."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bs4 import Tag

from monographs.imports.paragraphs import SourceParagraph
from monographs.imports.parsed_text import ListItem, Markup, ParsedList, texts_of
from monographs.imports.rich_text import inline_plain
from monographs.imports.text_tables import row

#: Between paragraphs of one cell.
_WITHIN = "; "
#: A table of labels and what they say.
_PAIR = 2
#: A merged cell up to this many characters is a label, and said again in each row it reaches into.
_LABEL = 200
#: No table has more columns or rows than this many digits say.
_DIGITS = 4


@dataclass(slots=True)
class TableGrid:
    """The cells of a table, each once, and by rows as they are seen: one that spans rows is in each."""

    rows: list[list[list[SourceParagraph]]] = field(default_factory=list)
    cells: list[list[SourceParagraph]] = field(default_factory=list)
    spans: bool = False
    nested: bool = False

    @property
    def width(self) -> int:
        """Number of columns."""
        return max((len(cells) for cells in self.rows), default=0)

    def is_frame(self, is_heading: Callable[[SourceParagraph], bool]) -> bool:
        """Whether it holds a page rather than facts: one column, headings of ours, tables within."""
        headed = any(is_heading(unit) for cell in self.cells for unit in cell)
        return self.width <= 1 or self.nested or headed

    def as_rows(self) -> list[SourceParagraph]:
        """A unit for each row that says anything."""
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
    """A cell that reaches into the rows below."""

    rows: int
    width: int
    cell: list[SourceParagraph]


def grid_of(table: Tag, read: Callable[[Tag], list[SourceParagraph]]) -> TableGrid:
    """The cells of ``table``, each read by ``read``."""
    grid = TableGrid(nested=table.find("table") is not None)
    hanging: dict[int, _RowSpan] = {}
    for tr in (tag for tag in table.find_all("tr") if tag.find_parent("table") is table):
        below = {n: _RowSpan(h.rows - 1, h.width, h.cell) for n, h in hanging.items() if h.rows > 1}
        column, seen = 0, list[list[SourceParagraph]]()
        for tag in tr.find_all(["td", "th"], recursive=False):
            column = _take_hanging(hanging, column, seen)
            cell, width, rows = read(tag), _span(tag, "colspan"), _span(tag, "rowspan")
            if rows > 1:
                grid.spans = True
                below[column] = _RowSpan(rows - 1, width, _repeated(cell))
            seen.append(cell)
            grid.cells.append(cell)
            column += width
        _take_hanging(hanging, column, seen)
        grid.rows.append(seen)
        hanging = below
    return grid


def _take_hanging(hanging: dict[int, _RowSpan], column: int, seen: list[list[SourceParagraph]]) -> int:
    """Put cells from the rows above where they are seen; the next free column."""
    while column in hanging:
        seen.append(hanging[column].cell)
        column += hanging[column].width
    return column


def _repeated(cell: list[SourceParagraph]) -> list[SourceParagraph]:
    return cell if sum(len(text) for unit in cell for text in texts_of(unit.block)) <= _LABEL else []


def _span(tag: Tag, name: str) -> int:
    number = str(tag.get(name) or "1")
    return int(number) if number.isdecimal() and len(number) <= _DIGITS else 1

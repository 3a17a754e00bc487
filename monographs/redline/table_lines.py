"""Comparing two versions of a table cell by cell.

Columns are aligned first, then rows, by the cells of the columns that both tables have. Each pair of cells is
a line of the redline; a row or column that is new, removed or moved is so in each of its cells.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from monographs.redline.alignment import AlignedPair, align
from monographs.redline.lines import compared_line, matched, moved_line
from monographs.redline.model import Line, LineContext, TableCell
from monographs.redline.unit_lines import Unit, UnitLine
from monographs.redline.vocabulary import Flag, in_order

Cells = tuple[UnitLine, ...]


@dataclass(frozen=True, slots=True)
class _Ends:
    """Numbers (from 0) of one row or column in the old and the new table; see ``AlignedPair``."""

    old: int | None
    new: int | None
    move: int = 0
    at_old: bool = False


@dataclass(frozen=True, slots=True)
class _RowPair:
    """Two versions of a row; see ``AlignedPair``."""

    old: Cells | None
    new: Cells | None
    move: int = 0
    at_old: bool = False

    @property
    def only_side(self) -> str:
        """The text that the row is in at this place, if it is not in both."""
        if self.new is None or (self.move and self.at_old):
            return "old"
        return "new" if self.old is None or self.move else ""

    @property
    def flag(self) -> Flag | None:
        """What to say of a new or removed row."""
        if self.old is None:
            return Flag.ROW_ADDED
        return Flag.ROW_REMOVED if self.new is None else None


@dataclass(frozen=True, slots=True)
class _CellPair:
    """Two versions of a cell, or of a line about the table (``place`` None)."""

    old: UnitLine | None
    new: UnitLine | None
    place: TableCell | None = None
    move: int = 0
    at_old: bool = False
    flags: tuple[Flag, ...] = ()


@dataclass
class _Grid:
    """One version of a table: the lines about it, its header row, its other rows."""

    about: Cells = ()
    header: Cells | None = None
    rows: list[Cells] = field(default_factory=list)
    width: int = 0

    @classmethod
    def of(cls, unit: Unit | None) -> "_Grid":
        if unit is None or unit.table is None:
            return cls()
        width, cells = unit.table.columns, unit.lines[unit.table.about :]
        rows = [cells[at : at + width] for at in range(0, len(cells), width or 1)]
        header = rows.pop(0) if unit.table.has_header else None
        return cls(unit.lines[: unit.table.about], header, rows, width)

    def columns(self) -> list[Unit]:
        """Return each column as a unit."""
        rows = [self.header, *self.rows] if self.header else self.rows
        return [_unit([row[number] for row in rows]) for number in range(self.width)]


def lines_of_tables(pair: AlignedPair, number: int, moves: int) -> Iterator[Line]:
    """Yield the lines of table ``number`` of a section. Moves within it are counted on from ``moves``."""
    comparison = _TableComparison(_Grid.of(pair.old), _Grid.of(pair.new), number)
    one_sided = pair.old is None or pair.new is None
    for cell in comparison.pairs():
        if pair.move:
            here = cell.old if pair.at_old else cell.new
            if here is None or (cell.move and cell.at_old != pair.at_old):
                continue
            line = moved_line(cell.old, cell.new, pair.move, at_old=pair.at_old)
        elif cell.move:
            line = moved_line(cell.old, cell.new, cell.move + moves, at_old=cell.at_old)
        else:
            line = compared_line(cell.old, cell.new)
        flags = line.flags if one_sided else in_order({*line.flags, *cell.flags})
        yield replace(line, cell=cell.place, flags=flags)


class _TableComparison:
    def __init__(self, old: _Grid, new: _Grid, number: int) -> None:
        self.old, self.new, self.number = old, new, number
        self.columns = _aligned(old.columns(), new.columns())
        self.flagged: set[int] = set()

    def pairs(self) -> Iterator[_CellPair]:
        """Yield pairs of lines in the reading order of both tables."""
        yield from self._about()
        for number, row in enumerate(self._rows(), 1):
            flag = row.flag
            for cell in self._cells(row, number):
                yield replace(cell, flags=(*cell.flags, *([flag] if flag else [])))
                flag = None

    def _about(self) -> Iterator[_CellPair]:
        old, new = self.old.about, self.new.about
        if old and new:
            yield from (_CellPair(*lines) for lines in matched(old, new))
        else:
            yield from (_CellPair(line, None) for line in old)
            yield from (_CellPair(None, line) for line in new)

    def _rows(self) -> Iterator[_RowPair]:
        if self.old.header or self.new.header:
            yield _RowPair(self.old.header, self.new.header)
        shared = [
            (each.old, each.new)
            for each in self.columns
            if each.old is not None and each.new is not None and not each.at_old
        ]
        if not shared:
            yield from (_RowPair(row, None) for row in self.old.rows)
            yield from (_RowPair(None, row) for row in self.new.rows)
            return
        olds = [_unit([row[old] for old, _ in shared]) for row in self.old.rows]
        news = [_unit([row[new] for _, new in shared]) for row in self.new.rows]
        moves = max(each.move for each in self.columns)
        for ends in _aligned(olds, news):
            old = None if ends.old is None else self.old.rows[ends.old]
            new = None if ends.new is None else self.new.rows[ends.new]
            yield _RowPair(old, new, ends.move and ends.move + moves, ends.at_old)

    def _cells(self, row: _RowPair, row_number: int) -> Iterator[_CellPair]:
        for number, column in enumerate(self.columns, 1):
            old = None if row.old is None or column.old is None else row.old[column.old]
            new = None if row.new is None or column.new is None else row.new[column.new]
            place = TableCell(self.number, row_number, number)
            flags = self._column_flags(column, number)
            match row.only_side:
                case "":
                    yield _CellPair(old, new, place, column.move, column.at_old, flags)
                case "old" if old is not None and not (column.move and not column.at_old):
                    yield _CellPair(old, new, place, row.move, row.at_old, flags)
                case "new" if new is not None and not (column.move and column.at_old):
                    yield _CellPair(old, new, place, row.move, row.at_old, flags)

    def _column_flags(self, column: _Ends, number: int) -> tuple[Flag, ...]:
        """What to say of a new or removed column, in its first cell."""
        if number in self.flagged or None not in (column.old, column.new):
            return ()
        self.flagged.add(number)
        return (Flag.COLUMN_ADDED if column.old is None else Flag.COLUMN_REMOVED,)


def _unit(cells: Sequence[UnitLine]) -> Unit:
    """Cells as one unit; what they are called and stand under does not matter for its alignment."""
    return Unit(tuple(UnitLine(LineContext("cell"), cell.pieces) for cell in cells))


def _aligned(olds: list[Unit], news: list[Unit]) -> list[_Ends]:
    numbers = {id(unit): number for units in (olds, news) for number, unit in enumerate(units)}
    return [
        _Ends(
            None if pair.old is None else numbers[id(pair.old)],
            None if pair.new is None else numbers[id(pair.new)],
            pair.move,
            pair.at_old,
        )
        for pair in align(olds, news)
    ]

"""A table of a redline as rows and columns again, each cell with its line."""

from dataclasses import dataclass
from functools import cached_property

from monographs.redline import Flag, Line, Op


@dataclass(frozen=True, slots=True)
class RedlineCell:
    """A cell; ``line`` is None where its row is of one text and its column of the other.

    ``tells_move``: it is the first cell of a row or column that moved, and says so for all of them.
    """

    line: Line | None
    column_name: str
    tells_move: bool = False

    @property
    def flags(self) -> tuple[Flag, ...]:
        """The flags of its line; that it moved once for each row or column."""
        flags = self.line.flags if self.line else ()
        return flags if self.tells_move else tuple(flag for flag in flags if flag is not Flag.MOVED)


@dataclass(frozen=True, slots=True)
class RedlineTableRow:
    """A row of cells. ``names_columns``: it is a header row."""

    cells: tuple[RedlineCell, ...]
    names_columns: bool


@dataclass(frozen=True)
class RedlineTable:
    """The cells of one table of a redline, or of one side of it."""

    lines: tuple[Line, ...]

    @property
    def changed(self) -> bool:
        """Whether a cell differs."""
        return any(line.changed for line in self.lines)

    def without(self, op: Op) -> "RedlineTable":
        """Return one side of the table: without INSERTED it is the old one."""
        return RedlineTable(tuple(line for line in self.lines if line.op is not op))

    @cached_property
    def column_count(self) -> int:
        """The number of columns of both texts together."""
        return len({line.cell.column for line in self.lines if line.cell})

    @cached_property
    def rows(self) -> tuple[RedlineTableRow, ...]:
        """Its rows, with a cell for each of its columns."""
        columns = sorted({line.cell.column for line in self.lines if line.cell})
        by_row: dict[int, dict[int, Line]] = {}
        for line in self.lines:
            if line.cell:
                by_row.setdefault(line.cell.row, {})[line.cell.column] = line
        names, told = self._column_names(), set[tuple[int, Op]]()
        rows = []
        for found in by_row.values():
            cells = [
                RedlineCell(line, names.get(column, ""), _is_first(line, told))
                for column in columns
                for line in [found.get(column)]
            ]
            rows.append(RedlineTableRow(tuple(cells), any(line.kind == "column" for line in found.values())))
        return tuple(rows)

    def _column_names(self) -> dict[int, str]:
        """The name of each column, by its number: the new one where there are two."""
        return {
            line.cell.column: line.text(Op.DELETED) or line.text(Op.INSERTED)
            for line in self.lines
            if line.cell and line.kind == "column"
        }


def _is_first(line: Line | None, shown: set[tuple[int, Op]]) -> bool:
    """Whether the line is the first at its end of a move; adds it to ``shown``."""
    if line is None or not line.move or (line.move, line.op) in shown:
        return False
    shown.add((line.move, line.op))
    return True

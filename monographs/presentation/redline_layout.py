"""Layout of a redline: long unchanged groups of lines folded, in one column or side by side."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest

from monographs.presentation.redline_table import RedlineTable
from monographs.redline import Line, LinePlace, Op, SectionRedline

#: Unchanged lines shown before and after a change.
_NEIGHBOURS = 1
#: Fewer unchanged lines are not folded.
_MIN_FOLDED = 3


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line, and its places if they differ from those of the line before."""

    line: Line
    places: tuple[LinePlace, ...]


@dataclass(frozen=True, slots=True)
class PlacedTable:
    """The cells of a table, which are shown as rows and columns."""

    placed: tuple[PlacedLine, ...]

    @property
    def table(self) -> RedlineTable:
        """The table."""
        return RedlineTable(tuple(each.line for each in self.placed))


@dataclass(frozen=True, slots=True)
class LineGroup:
    """Consecutive lines and tables; a folded group has no changes."""

    items: tuple[PlacedLine | PlacedTable, ...]
    folded: bool

    @property
    def lines(self) -> tuple[PlacedLine, ...]:
        """Its lines, those of tables too."""
        return tuple(
            line for item in self.items for line in (item.placed if isinstance(item, PlacedTable) else [item])
        )


def section_items(section: SectionRedline) -> tuple[PlacedLine | PlacedTable, ...]:
    """Return the lines of a section, with the cells of each table as one."""
    items: list[PlacedLine | PlacedTable] = []
    placed = _placed(section.lines)
    for table, group in groupby(placed, key=lambda each: each.line.cell.table if each.line.cell else 0):
        lines = tuple(group)
        items += [PlacedTable(lines)] if table else lines
    return tuple(items)


def line_groups(section: SectionRedline) -> list[LineGroup]:
    """Return all lines of a section in groups. An unchanged section is one folded group."""
    items = section_items(section)
    if not section.changed:
        return [LineGroup(items, True)] if items else []
    result: list[LineGroup] = []
    groups = [list(group) for _, group in groupby(items, key=_is_changed)]
    for at, group in enumerate(groups):
        if _is_changed(group[0]):
            result.append(LineGroup(tuple(group), False))
        else:
            result += _folded(group, first=at == 0, last=at == len(groups) - 1)
    return result


def _is_changed(item: PlacedLine | PlacedTable) -> bool:
    return item.table.changed if isinstance(item, PlacedTable) else item.line.changed


def _folded(group: list[PlacedLine | PlacedTable], *, first: bool, last: bool) -> Iterator[LineGroup]:
    head, tail = (0 if first else _NEIGHBOURS), (0 if last else _NEIGHBOURS)
    middle = group[head : len(group) - tail]
    if len(LineGroup(tuple(middle), True).lines) < _MIN_FOLDED:
        yield LineGroup(tuple(group), False)
        return
    for items, folded in ((group[:head], False), (middle, True), (group[len(group) - tail :], False)):
        if items:
            yield LineGroup(tuple(items), folded)


def _placed(lines: tuple[Line, ...]) -> Iterator[PlacedLine]:
    before: tuple[LinePlace, ...] = ()
    for line in lines:
        yield PlacedLine(line, line.places if line.places != before else ())
        before = line.places


@dataclass(frozen=True, slots=True)
class RedlineRow:
    """An old and a new line side by side."""

    before: Line | None
    after: Line | None

    @property
    def changed(self) -> bool:
        """Whether the lines differ."""
        return any(line is not None and line.changed for line in (self.before, self.after))


@dataclass(frozen=True, slots=True)
class TablePair:
    """Both sides of a table."""

    table: RedlineTable

    @property
    def before(self) -> RedlineTable:
        """The old table."""
        return self.table.without(Op.INSERTED)

    @property
    def after(self) -> RedlineTable:
        """The new table."""
        return self.table.without(Op.DELETED)


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Consecutive rows and tables; a folded group has no changes."""

    items: tuple[RedlineRow | TablePair, ...]
    folded: bool

    @property
    def rows(self) -> tuple[RedlineRow, ...]:
        """Its rows, with those of the lines of tables."""
        return tuple(
            row
            for item in self.items
            for row in (_rows(item.table.lines) if isinstance(item, TablePair) else [item])
        )


def row_groups(section: SectionRedline) -> list[RowGroup]:
    """Return the same groups in two columns."""
    return [RowGroup(tuple(_row_items(group.items)), group.folded) for group in line_groups(section)]


def _row_items(items: Iterable[PlacedLine | PlacedTable]) -> Iterator[RedlineRow | TablePair]:
    for is_table, group in groupby(items, key=lambda item: isinstance(item, PlacedTable)):
        if is_table:
            yield from (TablePair(item.table) for item in group if isinstance(item, PlacedTable))
        else:
            yield from _rows([item.line for item in group if isinstance(item, PlacedLine)])


def _rows(lines: Sequence[Line]) -> Iterator[RedlineRow]:
    for is_shared, group in groupby(lines, key=lambda line: line.op in (Op.SAME, Op.CHANGED)):
        if is_shared:
            yield from (RedlineRow(line, line) for line in group)
            continue
        lines_of_one_side = list(group)
        deleted, inserted = (
            [line for line in lines_of_one_side if line.op is op] for op in (Op.DELETED, Op.INSERTED)
        )
        yield from (RedlineRow(before, after) for before, after in zip_longest(deleted, inserted))

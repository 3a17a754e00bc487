"""Layout of a redline: long unchanged groups of lines folded, in one column or side by side."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, zip_longest

from monographs.presentation.redline_table import RedlineTable
from monographs.redline import Line, LinePlace, Op, SectionRedline

#: Unchanged lines shown before and after a change.
_NEIGHBOURS = 1
#: Fewer unchanged lines are not folded.
_MIN_FOLDED = 3
_LIST_KINDS = frozenset({"bullet", "number", "item"})


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
    """Return all lines of a section in groups. An unchanged section is one folded group.

    Not folded: a changed line's neighbours, and what it is under, as the name of the effect, the lead-in and
    the outer items of a list, and headings.
    """
    items = section_items(section)
    if not section.changed:
        return [LineGroup(items, True)] if items else []
    shown: set[int] = set()
    for at, item in enumerate(items):
        if _is_changed(item):
            shown |= {*range(at - _NEIGHBOURS, at + _NEIGHBOURS + 1), *_heads(items, at)}
    groups = [list(group) for _, group in groupby(range(len(items)), key=lambda at: at in shown)]
    folds = [
        group[0] not in shown and len(LineGroup(items[group[0] : group[-1] + 1], True).lines) >= _MIN_FOLDED
        for group in groups
    ]
    result: list[LineGroup] = []
    for folded, run in groupby(zip(groups, folds, strict=True), key=lambda each: each[1]):
        indexes = [at for group, _ in run for at in group]
        inside = items[indexes[0] : indexes[-1] + 1]
        result.append(LineGroup(inside if folded or not result else _with_places(inside), folded))
    return result


def _with_places(items: tuple[PlacedLine | PlacedTable, ...]) -> tuple[PlacedLine | PlacedTable, ...]:
    """Repeat the places of the first line, which may have been shown inside a fold only."""
    first = items[0]
    return (replace(first, places=first.line.places), *items[1:]) if isinstance(first, PlacedLine) else items


def _heads(items: Sequence[PlacedLine | PlacedTable], at: int) -> Iterator[int]:
    """Yield what the item at ``at`` is under: the nearest head of it, then the nearest head of that one."""
    item = items[at]
    kind, level = ("table row", 0) if isinstance(item, PlacedTable) else (item.line.kind, item.line.level)
    for before in range(at - 1, -1, -1):
        each = items[before]
        if isinstance(each, PlacedLine) and _is_head(each.line, kind, level):
            yield before
            kind, level = each.line.kind, each.line.level


def _is_head(line: Line, kind: str, level: int) -> bool:
    """Whether the nearest such line before one of ``kind`` and ``level`` is its head."""
    if kind == "detail":
        return line.kind != "detail"
    if kind == "table row":
        return line.kind == "table"
    if kind in _LIST_KINDS and line.kind in _LIST_KINDS:
        return line.level < level
    if kind in _LIST_KINDS and line.kind == "paragraph":
        return True
    return line.kind == "heading" and (kind != "heading" or line.level < level)


def _is_changed(item: PlacedLine | PlacedTable) -> bool:
    return item.table.changed if isinstance(item, PlacedTable) else item.line.changed


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

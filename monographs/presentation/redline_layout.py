"""Layout of a redline: long unchanged groups of lines folded, in one column or side by side."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, zip_longest

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
class LineGroup:
    """Consecutive lines; a folded group has no changes."""

    lines: tuple[PlacedLine, ...]
    folded: bool


def line_groups(section: SectionRedline) -> list[LineGroup]:
    """Return all lines of a section in groups. An unchanged section is one folded group."""
    placed = list(_placed(section.lines))
    if not section.changed:
        return [LineGroup(tuple(placed), True)] if placed else []
    result: list[LineGroup] = []
    groups = [list(group) for _, group in groupby(placed, key=lambda each: each.line.changed)]
    for at, group in enumerate(groups):
        if group[0].line.changed:
            result.append(LineGroup(tuple(group), False))
        else:
            result += _folded(group, first=at == 0, last=at == len(groups) - 1)
    return result


def _folded(group: list[PlacedLine], *, first: bool, last: bool) -> Iterator[LineGroup]:
    head, tail = (0 if first else _NEIGHBOURS), (0 if last else _NEIGHBOURS)
    middle = group[head : len(group) - tail]
    if len(middle) < _MIN_FOLDED:
        yield LineGroup(tuple(group), False)
        return
    for lines, folded in ((group[:head], False), (middle, True), (group[len(group) - tail :], False)):
        if lines:
            yield LineGroup(tuple(lines), folded)


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
class RowGroup:
    """Consecutive rows; a folded group has no changes."""

    rows: tuple[RedlineRow, ...]
    folded: bool


def row_groups(section: SectionRedline) -> list[RowGroup]:
    """Return the same groups in two columns."""
    return [
        RowGroup(tuple(_rows([placed.line for placed in group.lines])), group.folded)
        for group in line_groups(section)
    ]


def _rows(lines: list[Line]) -> Iterator[RedlineRow]:
    for is_shared, group in groupby(lines, key=lambda line: line.op in (Op.SAME, Op.CHANGED)):
        if is_shared:
            yield from (RedlineRow(line, line) for line in group)
            continue
        lines_of_one_side = list(group)
        deleted, inserted = (
            [line for line in lines_of_one_side if line.op is op] for op in (Op.DELETED, Op.INSERTED)
        )
        yield from (RedlineRow(before, after) for before, after in zip_longest(deleted, inserted))

"""The lines of a redline laid out: long unchanged stretches folded, or old and new side by side."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, zip_longest

from monographs.redline import Line, LinePlace, Op, SectionRedline

#: Unchanged lines kept in sight before and after a change.
_NEIGHBOURS = 1
#: Fewer unchanged lines than these are not worth a fold.
_WORTH_FOLDING = 3


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line, and the places it stands in if the line before stood in others."""

    line: Line
    places: tuple[LinePlace, ...]


@dataclass(frozen=True, slots=True)
class LineGroup:
    """Lines next to one another; folded ones have not changed."""

    lines: tuple[PlacedLine, ...]
    folded: bool


def line_groups(section: SectionRedline) -> list[LineGroup]:
    """The section's lines, all of them, in stretches. A section that has not changed is one fold."""
    placed = list(_placed(section.lines))
    if not section.changed:
        return [LineGroup(tuple(placed), True)] if placed else []
    found: list[LineGroup] = []
    groups = [list(group) for _, group in groupby(placed, key=lambda each: each.line.changed)]
    for at, group in enumerate(groups):
        if group[0].line.changed:
            found.append(LineGroup(tuple(group), False))
        else:
            found += _folded(group, first=at == 0, last=at == len(groups) - 1)
    return found


def _folded(group: list[PlacedLine], *, first: bool, last: bool) -> Iterator[LineGroup]:
    head, tail = (0 if first else _NEIGHBOURS), (0 if last else _NEIGHBOURS)
    middle = group[head : len(group) - tail]
    if len(middle) < _WORTH_FOLDING:
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
    """What stood and what stands, side by side."""

    before: Line | None
    after: Line | None

    @property
    def changed(self) -> bool:
        """Whether the two differ."""
        return any(line is not None and line.changed for line in (self.before, self.after))


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows next to one another; folded ones have not changed."""

    rows: tuple[RedlineRow, ...]
    folded: bool


def row_groups(section: SectionRedline) -> list[RowGroup]:
    """The same stretches in two columns."""
    return [
        RowGroup(tuple(_rows([placed.line for placed in stretch.lines])), stretch.folded)
        for stretch in line_groups(section)
    ]


def _rows(lines: list[Line]) -> Iterator[RedlineRow]:
    for is_shared, group in groupby(lines, key=lambda line: line.op in (Op.SAME, Op.CHANGED)):
        if is_shared:
            yield from (RedlineRow(line, line) for line in group)
            continue
        own = list(group)
        gone, came = ([line for line in own if line.op is op] for op in (Op.DELETED, Op.INSERTED))
        yield from (RedlineRow(before, after) for before, after in zip_longest(gone, came))

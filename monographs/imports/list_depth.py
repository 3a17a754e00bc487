"""The levels of an open list: to which level an item belongs, from its mark and its indentation."""

from collections.abc import Iterable
from dataclasses import dataclass

from monographs.imports.list_markers import ListMarker

#: The deepest nesting of lists that the editor shows.
DEEPEST = 4
#: Spaces by which a bullet is indented below its parent.
_STEP = 2
#: Bullets of an inner list, when its items are not indented.
_INNER = frozenset("o◦○▪▫■-–\uf0a7")


class ListMarkers:
    """The marks of a text by line, and what is known of those that follow a line."""

    def __init__(self, markers: Iterable[tuple[int, ListMarker]]) -> None:
        self._by_line = dict(markers)
        self._last_mark = {marker.mark: n for n, marker in self._by_line.items()}
        self._last_value = {value: n for n, marker in self._by_line.items() for value in marker.values}

    def has_mark(self, mark: str, lines: Iterable[int]) -> bool:
        """Whether one of ``lines`` begins with ``mark``."""
        return any(n in self._by_line and self._by_line[n].mark == mark for n in lines)

    def mark_follows(self, mark: str, line: int) -> bool:
        """Whether a line after ``line`` begins with ``mark``."""
        return self._last_mark.get(mark, -1) > line

    def value_follows(self, style: str, value: int, line: int) -> bool:
        """Whether a line after ``line`` counts ``value`` in ``style``."""
        return self._last_value.get((style, value), -1) > line


@dataclass(slots=True)
class _Level:
    indent: int
    style: str
    value: int

    @property
    def counts(self) -> bool:
        return self.value > 0


class ListNesting:
    """Open levels of one list, outermost first."""

    def __init__(self, markers: ListMarkers | None = None) -> None:
        self._levels: list[_Level] = []
        self._markers = markers or ListMarkers(())

    def __bool__(self) -> bool:
        return bool(self._levels)

    @property
    def indent(self) -> int:
        """Indentation of the innermost level."""
        return self._levels[-1].indent if self._levels else 0

    def clear(self) -> None:
        """Close all levels."""
        self._levels.clear()

    def style_of(self, marker: ListMarker, line: int) -> str | None:
        """Return the style in which ``marker`` is an item of ``line``, None if it is part of the text.

        A bullet always is. What counts has to go on from an open level, or to begin at 1 and go on later.
        """
        if marker.is_bullet:
            return marker.mark
        for level in reversed(self._levels):
            if level.counts and marker.counts(level.style) == level.value + 1:
                return level.style
        for style, value in marker.values:
            if value == 1 and self._markers.value_follows(style, value + 1, line):
                return style
        return None

    def depth_of(self, marker: ListMarker, style: str, line: int) -> int | None:
        """Return the depth of an item, and open its level; None if it begins another list."""
        value = marker.counts(style)
        depth = self._level_that_goes_on(marker, style, value)
        if depth is None:
            depth = self._new_depth(marker, style, line)
        if depth is None:
            return None
        del self._levels[depth:]
        self._levels.append(_Level(marker.indent, style, value))
        return min(depth, DEEPEST)

    def _level_that_goes_on(self, marker: ListMarker, style: str, value: int) -> int | None:
        for depth in range(len(self._levels) - 1, -1, -1):
            level = self._levels[depth]
            near = abs(marker.indent - level.indent) < _STEP
            if level.style == style and (level.value + 1 == value if value else near):
                return depth
        return None

    def _new_depth(self, marker: ListMarker, style: str, line: int) -> int | None:
        inside = sum(1 for level in self._levels if marker.indent >= level.indent + _STEP)
        if inside == len(self._levels):
            return inside
        level = self._levels[-1]
        flat = abs(marker.indent - level.indent) < _STEP
        if flat and (self._goes_on(level, line) or (style in _INNER and level.style not in _INNER)):
            return len(self._levels)
        if inside == 0 and style != self._levels[0].style:
            return None
        return inside

    def _goes_on(self, level: _Level, line: int) -> bool:
        if level.counts:
            return self._markers.value_follows(level.style, level.value + 1, line)
        return self._markers.mark_follows(level.style, line)

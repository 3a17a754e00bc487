"""The levels of an open list: to which level an item belongs, from its mark and its indentation."""

from collections.abc import Sequence
from dataclasses import dataclass

from monographs.imports.list_markers import ListMarker

#: The deepest nesting of lists that the editor shows.
DEEPEST = 4
#: Spaces by which a bullet is indented below its parent.
_STEP = 2
#: Bullets of an inner list, when its items are not indented.
_INNER = frozenset("o◦○▪▫■-–\uf0a7")


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

    def __init__(self) -> None:
        self._levels: list[_Level] = []

    def __bool__(self) -> bool:
        return bool(self._levels)

    @property
    def indent(self) -> int:
        """Indentation of the innermost level."""
        return self._levels[-1].indent if self._levels else 0

    def clear(self) -> None:
        """Close all levels."""
        self._levels.clear()

    def style_of(self, marker: ListMarker, later: Sequence[ListMarker]) -> str | None:
        """Return the style in which ``marker`` is an item here, None if it is part of the text.

        A bullet always is. What counts has to go on from an open level, or to begin at 1 and go on later.
        """
        if marker.is_bullet:
            return marker.mark
        for level in reversed(self._levels):
            if level.counts and marker.counts(level.style) == level.value + 1:
                return level.style
        for style, value in marker.values:
            if value == 1 and any(following.counts(style) == value + 1 for following in later):
                return style
        return None

    def depth_of(self, marker: ListMarker, style: str, later: Sequence[ListMarker]) -> int | None:
        """Return the depth of an item, and open its level; None if it begins another list."""
        value = marker.counts(style)
        depth = self._level_that_goes_on(marker, style, value)
        if depth is None:
            depth = self._new_depth(marker, style, later)
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

    def _new_depth(self, marker: ListMarker, style: str, later: Sequence[ListMarker]) -> int | None:
        inside = sum(1 for level in self._levels if marker.indent >= level.indent + _STEP)
        if inside == len(self._levels):
            return inside
        level = self._levels[-1]
        flat = abs(marker.indent - level.indent) < _STEP
        if flat and (_goes_on(level, later) or (style in _INNER and level.style not in _INNER)):
            return len(self._levels)
        if inside == 0 and style != self._levels[0].style:
            return None
        return inside


def _goes_on(level: _Level, later: Sequence[ListMarker]) -> bool:
    if level.counts:
        return any(marker.counts(level.style) == level.value + 1 for marker in later)
    return any(marker.mark == level.style for marker in later)

"""Horizontal bars as SVG, made on the server: the geometry of a plot beside its table."""

from collections.abc import Sequence
from dataclasses import dataclass

#: Widths in units of the picture, which is as wide as a small telephone: its text is readable there.
WIDTH, LABEL_WIDTH, VALUE_WIDTH, ROW_HEIGHT, BAR_HEIGHT = 320, 92, 74, 26, 16


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its value as text, and its length; ``mark`` is the length of a second value."""

    label: str
    text: str
    y: int
    width: float
    mark: float | None

    @property
    def baseline(self) -> int:
        """Where its texts stand."""
        return self.y + BAR_HEIGHT - 3

    @property
    def middle(self) -> int:
        """The height at which the line to the second value is drawn."""
        return self.y + BAR_HEIGHT // 2

    @property
    def mark_x(self) -> float | None:
        """Where the line to the second value ends; None without one."""
        return None if self.mark is None else LABEL_WIDTH + self.mark

    @property
    def value_x(self) -> float:
        """Where its value stands: after whichever of bar and mark is longer."""
        return LABEL_WIDTH + max(self.width, self.mark or 0) + 6


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture of bars. ``label`` says what it shows, for people who do not see it."""

    label: str
    bars: tuple[Bar, ...]

    @property
    def height(self) -> int:
        """The height of the picture."""
        return len(self.bars) * ROW_HEIGHT

    @property
    def width(self) -> int:
        """The width of the picture."""
        return WIDTH

    @property
    def start(self) -> int:
        """Where bars begin."""
        return LABEL_WIDTH

    @property
    def bar_height(self) -> int:
        """The height of a bar."""
        return BAR_HEIGHT


def bar_plot(label: str, values: Sequence[tuple[str, float, float | None, str]]) -> Plot | None:
    """Return bars for ``values``: label, value, second value, and text. None if all are zero."""
    longest = max((max(value, mark or 0) for _, value, mark, _ in values), default=0)
    if not longest:
        return None
    scale = (WIDTH - LABEL_WIDTH - VALUE_WIDTH) / longest
    return Plot(
        label,
        tuple(
            Bar(
                name,
                text,
                place * ROW_HEIGHT + (ROW_HEIGHT - BAR_HEIGHT) // 2,
                round(value * scale, 1),
                None if mark is None else round(mark * scale, 1),
            )
            for place, (name, value, mark, text) in enumerate(values)
        ),
    )

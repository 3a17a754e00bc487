"""Plots as SVG: horizontal bars, and lines over a logarithmic axis."""

import math
from collections.abc import Mapping, Sequence
from html import escape

_WIDTH, _BAR, _LEFT = 900, 26, 380
#: The height of a plot of lines, its margins, and the place of the names beside it.
_HEIGHT, _MARGIN, _NAMES = 380, 44, 220
_COLOURS = ("#005b73", "#b3261e", "#7a5c00", "#3a7d1f", "#6b3fa0", "#c2185b", "#00695c", "#5d4037", "#455a64")


def bar_chart(title: str, bars: Sequence[tuple[str, float]]) -> str:
    """Return an SVG with a horizontal bar per value."""
    largest = max(value for _, value in bars) or 1.0
    rows = [f'<text x="8" y="{_BAR}" font-weight="bold">{escape(title)}</text>']
    for number, (name, value) in enumerate(bars, 1):
        top, length = _BAR * number + 8, (_WIDTH - _LEFT - 80) * value / largest
        rows.append(f'<text x="{_LEFT - 8}" y="{top + 16}" text-anchor="end">{escape(name)}</text>')
        size = f'width="{length:.1f}" height="{_BAR - 6}"'
        rows.append(f'<rect x="{_LEFT}" y="{top + 2}" {size} fill="#005b73"/>')
        rows.append(f'<text x="{_LEFT + length + 6:.1f}" y="{top + 16}">{value:.2f}</text>')
    return _svg(title, _BAR * (len(bars) + 2), rows)


def line_chart(title: str, lines: Mapping[str, Mapping[int, float]]) -> str:
    """Return an SVG with a line per name, of values by a positive number, which has a logarithmic axis."""
    numbers = sorted({number for values in lines.values() for number in values})
    largest = max(value for values in lines.values() for value in values.values()) or 1.0
    first, last = math.log10(numbers[0]), math.log10(numbers[-1])
    right, bottom = _WIDTH - _NAMES, _HEIGHT - _MARGIN

    def across(number: int) -> float:
        share = (math.log10(number) - first) / (last - first) if last > first else 0.5
        return _MARGIN + (right - _MARGIN) * share

    def down(value: float) -> float:
        return bottom - (bottom - _MARGIN) * value / largest

    rows = [f'<text x="8" y="{_BAR}" font-weight="bold">{escape(title)}</text>']
    rows += [
        f'<text x="{across(number):.1f}" y="{_HEIGHT - 16}" text-anchor="middle">{number:,}</text>'
        for number in numbers
    ]
    for value in (0.0, largest / 2, largest):
        rows.append(f'<path d="M{_MARGIN} {down(value):.1f}H{right}" stroke="#ccc"/>')
        rows.append(f'<text x="{_MARGIN - 6}" y="{down(value) + 5:.1f}" text-anchor="end">{value:.0f}</text>')
    for place, (name, values) in enumerate(lines.items()):
        colour = _COLOURS[place % len(_COLOURS)]
        points = " ".join(
            f"{across(number):.1f},{down(value):.1f}" for number, value in sorted(values.items())
        )
        rows.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        rows += [
            f'<circle cx="{across(number):.1f}" cy="{down(value):.1f}" r="3" fill="{colour}"/>'
            for number, value in values.items()
        ]
        top = _MARGIN + _BAR * place
        rows.append(f'<text x="{right + 16}" y="{top + 5}" fill="{colour}">{escape(name)}</text>')
    return _svg(title, _HEIGHT, rows)


def _svg(title: str, height: int, rows: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-label="{escape(title)}" font-family="sans-serif" font-size="14">'
        f'<rect width="100%" height="100%" fill="#fff"/>{"".join(rows)}</svg>\n'
    )

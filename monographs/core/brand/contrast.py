"""Contrast of colours, and the pairs of colours that the public style sheet puts on each other.

WCAG 2.2: 4.5 to 1 for text (1.4.3), 3 to 1 for shapes and borders that one must see (1.4.11). Names are those
of the custom properties in ``static/css/public/tokens.css``.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

#: Colours by name.
Colours = Mapping[str, str]

TEXT, SHAPE = 4.5, 3.0
COLOUR = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
#: How soon to act, by colour. A brand cannot change these: they mean the same on every site.
URGENCIES = ("call-911", "call-now", "call-today", "next-visit")


class Pair(NamedTuple):
    """Two colours of which one is on the other, and the contrast they need."""

    ink: str
    ground: str
    least: float
    what: str


class Failure(NamedTuple):
    """A pair whose contrast is too low in one mode."""

    mode: str
    pair: Pair
    ratio: float


def _texts(ink: str, *grounds: str, what: str) -> Iterator[Pair]:
    return (Pair(ink, ground, TEXT, what) for ground in grounds)


def _shapes(ink: str, *grounds: str, what: str) -> Iterator[Pair]:
    return (Pair(ink, ground, SHAPE, what) for ground in grounds)


_PAGE = ("paper", "tint")
_TINTS = tuple(f"{urgency}-tint" for urgency in URGENCIES)
#: Every pair that the style sheet uses; ``tests/brand/test_contrast.py`` compares them with it.
PAIRS: tuple[Pair, ...] = (
    *_texts("ink", *_PAGE, "mark", *_TINTS, what="text"),
    *_texts("paper", "ink", what="the heading of the boxed warning"),
    *_texts("ink-soft", *_PAGE, what="dates, captions and hints"),
    *_texts("link", *_PAGE, "mark", *_TINTS, what="links"),
    *_texts("link-visited", *_PAGE, "mark", *_TINTS, what="links that were followed"),
    *_texts("accent", *_PAGE, what="letters of the list, and headings of a leaflet"),
    *_texts("on-accent", "accent", what="the words of buttons"),
    *_shapes("accent", *_PAGE, what="borders of buttons and marks of lists"),
    *_shapes("line-strong", *_PAGE, what="borders of fields and boxes"),
    *_shapes("focus", *_PAGE, what="the frame around what has the focus"),
    *_texts("on-frame", "frame", what="text at the top and the foot of the page"),
    *_texts("frame-soft", "frame", what="the name at the foot of the page, letters without a medicine"),
    *_texts("frame", "on-frame", what="letters on the home page"),
    *_texts("on-frame-soft", "frame-soft", what="the button of the search on the home page"),
    *(
        pair
        for urgency in URGENCIES
        for pair in (
            *_texts(urgency, *_PAGE, f"{urgency}-tint", what="how soon to act"),
            *_texts(f"on-{urgency}", urgency, what="the heading of a box that says how soon to act"),
        )
    ),
)
#: What only parts rows and boxes that space parts already (WCAG 1.4.11 does not ask for it).
DECORATIVE = frozenset({"line", "frame-line", "focus-halo"})


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#rrggbb`` or ``#rgb``, from 0 to 1 (WCAG 2.2, glossary)."""
    digits = colour.lstrip("#")
    if len(digits) == 3:  # noqa: PLR2004  # the short form
        digits = "".join(digit * 2 for digit in digits)
    channels = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)  # noqa: PLR2004
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def failures(colours_by_mode: Mapping[str, Colours]) -> list[Failure]:
    """Return the pairs whose contrast is too low, in light and dark."""
    return [
        Failure(mode, pair, ratio)
        for mode, colours in colours_by_mode.items()
        for pair in PAIRS
        if (ratio := contrast(colours[pair.ink], colours[pair.ground])) < pair.least
    ]

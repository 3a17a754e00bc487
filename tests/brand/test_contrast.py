"""The contrast of colours, and that no pair of the style sheet is forgotten."""

import re

import pytest

from monographs.core.brand import contrast
from monographs.core.brand.default_colours import DARK, LIGHT, default_colours
from monographs.public.stylesheet import bundled_css

#: Custom properties of the style sheet that stand for others: the tone of a box that says how soon to act.
STAND_INS = {
    "tone": [*contrast.URGENCIES, "line"],
    "on-tone": [f"on-{urgency}" for urgency in contrast.URGENCIES],
    "tone-tint": [f"{urgency}-tint" for urgency in contrast.URGENCIES],
}
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COLOUR = re.compile(r"(?<![\w-])(?:color|fill|stroke):\s*var\(--([\w-]+)")
_GROUND = re.compile(r"(?<![\w-])background(?:-color)?:\s*var\(--([\w-]+)")
_EDGE = re.compile(r"(?:border|outline|decoration|shadow)[\w-]*:[^;]*var\(--([\w-]+)")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000", "#fff", 21), ("#777777", "#ffffff", 4.48), ("#ffffff", "#ffffff", 1), ("#0b6354", "#fff", 7.1)],
)
def test_the_ratio_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast.contrast(one, other) == contrast.contrast(other, one)
    assert abs(contrast.contrast(one, other) - ratio) < 0.1


def test_the_default_colours_pass_in_light_and_dark() -> None:
    assert default_colours().keys() == {LIGHT, DARK}
    assert not contrast.failures(default_colours())


def _meant(name: str) -> list[str]:
    return STAND_INS.get(name, [name])


def _colours() -> set[str]:
    return set(default_colours()[LIGHT])


def test_each_pair_that_a_rule_of_the_style_sheet_sets_is_computed() -> None:
    known = {frozenset(pair[:2]) for pair in contrast.PAIRS}
    missing = []
    for selector, body in _RULE.findall(bundled_css()):
        inks, grounds = _COLOUR.findall(body), _GROUND.findall(body)
        for ink, ground in ((i, g) for i in inks for g in grounds):
            pairs = zip(_meant(ink), _meant(ground), strict=False) if ink in STAND_INS else [(ink, ground)]
            missing += [
                f"{selector.strip()}: {a} on {b}"
                for a, b in pairs
                if frozenset((a, b)) not in known and a != b
            ]
    assert not missing, "Add these to PAIRS of monographs/core/brand/contrast.py."


def test_each_colour_that_the_style_sheet_shows_is_in_a_pair() -> None:
    css = bundled_css().partition("}")[2]
    shown = {
        meant
        for pattern in (_COLOUR, _GROUND, _EDGE)
        for name in pattern.findall(css)
        for meant in _meant(name)
        if meant in _colours()
    }
    computed = {name for pair in contrast.PAIRS for name in pair[:2]}
    assert shown - computed <= contrast.DECORATIVE
    assert len(shown) > 25

"""Side effects are folded by frequency, but nothing that needs a call at any hour."""

from typing import Literal

import pytest

from monographs.document.parts import Effect, Effects, Frequency, Urgency
from monographs.public.effect_bands import effect_bands


def effect(
    name: str, frequency: Frequency | None = Frequency.COMMON, urgency: Urgency | None = None
) -> Effect:
    return Effect(name=name, frequency_label=frequency.label if frequency else "", urgency=urgency)


def shown(
    *items: Effect, group: Literal["common", "serious"] = "common", linked: tuple[str, ...] = ()
) -> list[str]:
    """Return the names of each run of effects; those that are folded in brackets."""
    bands = effect_bands(Effects(group=group, items=items), 3, [each.name for each in items], linked)
    runs = [(" ".join(e.effect.name for e in run.effects), run.folded) for band in bands for run in band.runs]
    return [f"[{names}]" if folded else names for names, folded in runs]


def test_a_band_is_folded_around_what_is_dangerous() -> None:
    assert shown(effect("a"), effect("b")) == ["[a b]"]
    for urgency in (Urgency.CALL_911, Urgency.CALL_NOW):
        assert shown(effect("a"), effect("b"), effect("c", urgency=urgency), effect("d"), effect("e")) == [
            "[a b]",
            "c",
            "[d e]",
        ]


def test_one_effect_alone_is_not_folded() -> None:
    assert shown(effect("a"), effect("b", Frequency.RARE), effect("c", Frequency.RARE)) == ["a", "[b c]"]


def test_what_a_link_leads_to_is_not_folded() -> None:
    assert shown(effect("a"), effect("b"), effect("c"), linked=("a",)) == ["a", "[b c]"]


def test_serious_effects_and_lists_without_frequencies_are_never_folded() -> None:
    assert shown(effect("a"), effect("b"), group="serious") == ["a b"]
    assert shown(effect("a", None), effect("b", None)) == ["a b"]


@pytest.mark.parametrize(
    ("items", "levels"),
    [
        ((effect("a"),), [(True, 3, 4)]),
        ((effect("a", None),), [(False, 3, 3)]),
        ((effect("a"), effect("b", None)), [(True, 3, 4), (True, 3, 4)]),
    ],
)
def test_levels_of_headings_do_not_skip(
    items: tuple[Effect, ...], levels: list[tuple[bool, int, int]]
) -> None:
    bands = effect_bands(Effects(group="common", items=items), 3)
    assert [(band.headed, band.level, band.name_level) for band in bands] == levels

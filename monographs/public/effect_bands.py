"""Side effects by how often they happen: what is folded, and the levels of their headings."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from monographs.document.parts import Effect, Effects, Urgency

#: Effects that are never folded away.
_DANGEROUS = (Urgency.CALL_911, Urgency.CALL_NOW)
#: Fewest effects that are folded: one takes no more place than the fold.
_MIN_FOLDED = 2
_LOWEST_LEVEL = 6


@dataclass(frozen=True, slots=True)
class PlacedEffect:
    """A side effect and the id of its heading; empty if it has none."""

    effect: Effect
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class EffectRun:
    """Effects that follow one another and are shown, or folded under their names."""

    effects: tuple[PlacedEffect, ...]
    folded: bool = False


@dataclass(frozen=True, slots=True)
class EffectBand:
    """Side effects that are equally frequent. ``label`` is empty where the text does not say how often.

    ``level`` is that of the band's heading, which only a labelled band or one of several has (``headed``);
    ``name_level`` that of the headings of its effects.
    """

    label: str
    runs: tuple[EffectRun, ...]
    headed: bool
    level: int
    name_level: int


def effect_bands(
    part: Effects, top: int, ids: Sequence[str] = (), linked: Collection[str] = ()
) -> tuple[EffectBand, ...]:
    """Return the effects of ``part`` in their order, by frequency. ``top``: the level of the highest heading.

    In a list of common effects those of a band are folded, except those that need a call at any hour, and
    those that links of the page lead to (``linked``, their ids). Serious effects are never folded.
    """
    placed = [
        PlacedEffect(effect, ids[number] if number < len(ids) else "")
        for number, effect in enumerate(part.items)
    ]
    groups = [
        (label, tuple(effects))
        for label, effects in groupby(placed, lambda each: each.effect.frequency_label)
    ]
    foldable = part.group == "common"
    return tuple(
        EffectBand(
            label,
            tuple(_runs(effects, linked))
            if foldable and (label or len(groups) > 1)
            else (EffectRun(effects),),
            headed := bool(label) or len(groups) > 1,
            min(top, _LOWEST_LEVEL),
            min(top + headed, _LOWEST_LEVEL),
        )
        for label, effects in groups
    )


def _runs(effects: Sequence[PlacedEffect], linked: Collection[str]) -> Iterator[EffectRun]:
    """Yield the effects in their order, folded where none of them must be in sight."""
    for in_sight, run in groupby(
        effects, lambda each: each.effect.urgency in _DANGEROUS or each.anchor in linked
    ):
        members = tuple(run)
        yield EffectRun(members, folded=not in_sight and len(members) >= _MIN_FOLDED)

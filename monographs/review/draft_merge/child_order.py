"""The order of children that two sides arranged: who stood beside whom stays so where both agree."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Order:
    """The order of the children that remain, with those of each side first where both claim a place.

    ``decided``: no place is claimed by both, so the two orders are the same.
    """

    set_aside_first: list[str]
    latest_first: list[str]

    @property
    def decided(self) -> bool:
        """Whether nothing is left to choose."""
        return self.set_aside_first == self.latest_first


def merged_order(lists: Sequence[Sequence[str]], kept: Collection[str]) -> Order:
    """Return the order of the tokens ``kept`` of three lists: base, draft set aside and latest draft.

    A side that moved nothing follows the other. What one side inserted stays after the child it stood after,
    and if that was moved away from the one after it by the other side, nobody can tell where it belongs.
    """
    base, set_aside, latest = lists
    shared = [token for token in latest if token in kept and token in set(set_aside)]
    set_aside_order = [token for token in set_aside if token in set(shared)]
    base_order = [token for token in base if token in set(shared)]  # what both inserted is in none
    placed_set_aside = _placed(set_aside, kept, set(shared))
    placed_latest = _placed(latest, kept, set(shared))
    first, second = set_aside_order, shared
    moved_by_both = _moved(base_order, set_aside_order) and _moved(base_order, shared)
    new_of_both = len(base_order) < len(shared) and set_aside_order != shared
    if not moved_by_both and not new_of_both:
        first = second = set_aside_order if _moved(base_order, set_aside_order) else shared
        sides = ((placed_set_aside, set_aside_order), (placed_latest, shared))
        if any(_separates_neighbours(placed, side, first) for placed, side in sides):
            first, second = set_aside_order, shared
    return Order(
        _with_placed(first, placed_set_aside, placed_latest),
        _with_placed(second, placed_latest, placed_set_aside),
    )


def _moved(base: Sequence[str], side: Sequence[str]) -> bool:
    """Whether a side changed the order of what it has of the base; new children of both count as in place."""
    known = set(base)
    return [token for token in side if token in known] != list(base)


def _placed(side: Sequence[str], kept: Collection[str], shared: set[str]) -> dict[str, list[str]]:
    """Return the children that only this side has, by the shared child before them ("" at the start)."""
    found: dict[str, list[str]] = {}
    anchor = ""
    for token in side:
        if token in shared:
            anchor = token
        elif token in kept:
            found.setdefault(anchor, []).append(token)
    return found


def _separates_neighbours(placed: dict[str, list[str]], side: Sequence[str], order: Sequence[str]) -> bool:
    """Whether ``order`` separates two neighbours of ``side`` between which it has children of its own."""
    return any(_after(anchor, side) != _after(anchor, order) for anchor in placed)


def _after(anchor: str, order: Sequence[str]) -> str:
    place = list(order).index(anchor) + 1 if anchor else 0
    return order[place] if place < len(order) else ""


def _with_placed(
    order: Sequence[str], first: dict[str, list[str]], second: dict[str, list[str]]
) -> list[str]:
    found = []
    for anchor in ("", *order):
        found += [anchor] if anchor else []
        found += [*first.get(anchor, []), *second.get(anchor, [])]
    return found

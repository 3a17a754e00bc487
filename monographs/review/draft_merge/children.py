"""Children of a list: blocks, items, rows or paragraphs, and which of two lists are the same one.

A child is known by its id. One without a known id is the one that says the same, or that stands alone between
the same neighbours: programs that write a text anew give new ids.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

from monographs.review.draft_merge.merge_conflict import ABSENT
from monographs.review.draft_merge.plain_values import plain

#: From this share of letters on, two children without known ids count as one that was changed.
ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Child:
    """One child: ``name`` is its type, ``raw`` the stored value, ``value`` its content."""

    id: str
    name: str
    value: Any
    raw: Any

    @property
    def said(self) -> str:
        """The compared value: its type and content, without ids."""
        return f"{self.name} {plain(self.value)!r}"


@dataclass(frozen=True, slots=True)
class ChildVersions:
    """One child in the base, the draft set aside and the latest one; None where there is none."""

    token: str
    base: Child | None
    set_aside: Child | None
    latest: Child | None

    @property
    def values(self) -> list[Any]:
        """What each says: base, draft set aside and latest draft; ``ABSENT`` where there is none."""
        sides = (self.base, self.set_aside, self.latest)
        return [ABSENT if side is None else side.value for side in sides]


def matched_children(
    lists: Sequence[Sequence[Child]], once: frozenset[str]
) -> tuple[dict[str, ChildVersions], tuple[list[str], list[str], list[str]]]:
    """Return the children of base, draft set aside and latest draft by token, and each list as tokens.

    ``once`` are types of which a list has one at most.
    """
    base, set_aside, latest = lists
    tokens = [f"base:{n}" for n in range(len(base))]
    set_aside_tokens = _tokens(base, tokens, set_aside, "set_aside", once)
    latest_tokens = _tokens(base, tokens, latest, "latest", once)
    _join_insertions(set_aside, set_aside_tokens, latest, latest_tokens, once)
    places = (
        dict(zip(tokens, base, strict=True)),
        dict(zip(set_aside_tokens, set_aside, strict=True)),
        dict(zip(latest_tokens, latest, strict=True)),
    )
    found = {
        token: ChildVersions(token, *(side.get(token) for side in places))
        for token in dict.fromkeys([*tokens, *latest_tokens, *set_aside_tokens])
    }
    return found, (tokens, set_aside_tokens, latest_tokens)


def _tokens(
    base: Sequence[Child], tokens: Sequence[str], side: Sequence[Child], name: str, once: frozenset[str]
) -> list[str]:
    """Return for each child of ``side`` the token of the same child of ``base``, or one of its own."""
    pairs = _same(base, side, once)
    return [tokens[pairs[n]] if n in pairs else f"{name}:{n}" for n in range(len(side))]


def _same(base: Sequence[Child], side: Sequence[Child], once: frozenset[str]) -> dict[int, int]:
    """Return the position in ``base`` of each child of ``side`` that is there, by its own."""
    pairs = _by(base, side, _identities(base, once), _identities(side, once))
    taken = set(pairs.values())
    matcher = SequenceMatcher(
        None,
        [("base", n) if n in taken else child.said for n, child in enumerate(base)],
        [("side", n) if n in pairs else child.said for n, child in enumerate(side)],
        autojunk=False,
    )
    for i, j, size in matcher.get_matching_blocks():
        pairs |= {j + k: i + k for k in range(size)}
    _pair_moved(base, side, pairs)
    _pair_alone(base, side, pairs)
    return pairs


def _identities(children: Sequence[Child], once: frozenset[str]) -> list[str]:
    return [f"once:{child.name}" if child.name in once else child.id for child in children]


def _by(
    base: Sequence[Child], side: Sequence[Child], base_ids: list[str], side_ids: list[str]
) -> dict[int, int]:
    """Return the pairs of the same identity and type. One that occurs twice in a list is none."""
    known = {each: n for n, each in enumerate(base_ids) if each and base_ids.count(each) == 1}
    return {
        n: known[each]
        for n, each in enumerate(side_ids)
        if each in known and side_ids.count(each) == 1 and base[known[each]].name == side[n].name
    }


def _pair_moved(base: Sequence[Child], side: Sequence[Child], pairs: dict[int, int]) -> None:
    """Pair children that say the same at another place, if no other child says it."""
    taken = set(pairs.values())
    free = [n for n in range(len(base)) if n not in taken]
    rest = [n for n in range(len(side)) if n not in pairs]
    said = [base[n].said for n in free]
    other = [side[n].said for n in rest]
    for n in rest:
        if said.count(side[n].said) == 1 and other.count(side[n].said) == 1:
            pairs[n] = free[said.index(side[n].said)]


def _pair_alone(base: Sequence[Child], side: Sequence[Child], pairs: dict[int, int]) -> None:
    """Pair what remains between the same neighbours: as many of one type, or else what says much the same."""
    for base_gap, side_gap in _gaps(len(base), len(side), pairs):
        for name in {base[n].name for n in base_gap}:
            before = [n for n in base_gap if base[n].name == name]
            after = [n for n in side_gap if side[n].name == name]
            if len(before) == len(after):
                pairs.update(zip(after, before, strict=True))
            else:
                _pair_similar(base, side, before, after, pairs)


def _pair_similar(
    base: Sequence[Child], side: Sequence[Child], before: list[int], after: list[int], pairs: dict[int, int]
) -> None:
    """Pair each child with the one that is most like it, the most alike first."""
    alike = sorted(
        (SequenceMatcher(None, base[i].said, side[j].said, autojunk=False).ratio(), -i, -j)
        for i in before
        for j in after
    )
    taken: set[int] = set()
    for ratio, i, j in reversed(alike):
        if ratio >= ALIKE and -i not in taken and -j not in pairs:
            pairs[-j] = -i
            taken.add(-i)


def _gaps(base: int, side: int, pairs: dict[int, int]) -> Iterable[tuple[list[int], list[int]]]:
    """Yield the unpaired positions between each two neighbouring pairs."""
    taken, found = set(pairs.values()), []
    edges = [(-1, -1), *sorted((i, j) for j, i in pairs.items()), (base, side)]
    for (i1, j1), (i2, j2) in pairwise(edges):
        between = [n for n in range(i1 + 1, i2) if n not in taken]
        beside = [n for n in range(j1 + 1, j2) if n not in pairs]
        if between and j1 < j2:
            found.append((between, beside))
    return found


def _join_insertions(
    set_aside: Sequence[Child],
    set_aside_tokens: list[str],
    latest: Sequence[Child],
    latest_tokens: list[str],
    once: frozenset[str],
) -> None:
    """Give a child that both sides inserted one token: the same id, type of which there is one, or words."""
    fresh = [n for n, token in enumerate(set_aside_tokens) if token.startswith("set_aside:")]
    other = [n for n, token in enumerate(latest_tokens) if token.startswith("latest:")]
    inserted, other_inserted = [set_aside[n] for n in fresh], [latest[n] for n in other]
    pairs = _by(inserted, other_inserted, _identities(inserted, once), _identities(other_inserted, once))
    for n, child in enumerate(other_inserted):
        if n in pairs:
            continue
        before = _predecessor(latest_tokens, other[n])
        same = (
            k
            for k, each in enumerate(inserted)
            if each.said == child.said
            and k not in pairs.values()
            and _predecessor(set_aside_tokens, fresh[k]) == before
        )
        if (first := next(same, None)) is not None:
            pairs[n] = first
    for n, k in pairs.items():
        set_aside_tokens[fresh[k]] = latest_tokens[other[n]] = f"both:{other[n]}"


def _predecessor(tokens: Sequence[str], place: int) -> str:
    """Return the token before a place that both sides have; empty at the start."""
    return next((each for each in reversed(tokens[:place]) if each.startswith(("base:", "both:"))), "")

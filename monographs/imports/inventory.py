"""Inventory of a text: its words, numbers and signs, with the marks that carry meaning.

A source and the draft that an import makes of it are each turned into an inventory, by code that shares
nothing with the converter, and compared: ``differences`` lists what the draft lost, gained, or revived.

A token is a run of letters and digits (a decimal point belongs to its number), or one sign such as “<”. It
ends where a mark begins: in 10⁸ the “8” is a token of its own, raised and joined to the one before. So “1”
and “0 mg” never equal “10 mg”, and a fallen exponent is a difference. Words that a source shows as void
(struck, hidden, deleted) must be named to the writer and must not be in the draft.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Any

from monographs.imports.inventory_text import (
    MarkedChar,
    Script,
    State,
    in_state,
    marked,
    shown,
    token_ranges,
    token_text,
)

__all__ = [
    "Difference",
    "DifferenceKind",
    "Inventory",
    "InventoryBuilder",
    "InventoryEntry",
    "InventoryToken",
    "Script",
    "State",
    "differences",
]


class DifferenceKind(StrEnum):
    """What is wrong with words of a draft."""

    MISSING = "missing"  # in the source; neither in the draft nor named
    NEW = "new"  # in the draft; not in the source, or void there
    UNNAMED = "unnamed"  # void in the source, left out, but not named
    PARTED = "parted"  # a number and the word after it, which are no longer together


@dataclass(frozen=True, slots=True)
class InventoryToken:
    """A word, a number or a sign. ``joined``: it follows a token of another script without a gap."""

    text: str
    script: Script = Script.LINE
    joined: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it has a digit."""
        return any(char.isdigit() for char in self.text)


@dataclass(frozen=True, slots=True)
class InventoryEntry:
    """A token at its place. ``shown``: it and what stands between it and the token before, as written."""

    token: InventoryToken
    shown: str
    line: int
    state: State = State.LIVE
    place: str = ""


#: A token and the one after it, by their texts.
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """A run of tokens that a draft lost or gained; ``place`` says where, in words, empty for the body."""

    kind: DifferenceKind
    quote: str
    place: str = ""


@dataclass(slots=True)
class Inventory:
    """The tokens of a text in reading order.

    ``repeats``: tokens that a draft may have more often (a merged cell is repeated wherever it was).
    ``named``: words that the writer is told of; ``explained``: words that a draft has in their place.
    ``numbers``: the numbers that lists of a draft show, and in ``number_pairs`` the first words of their items.
    ``bullets``: number of items that are shown with a bullet, which a source may have typed.
    """

    entries: list[InventoryEntry] = field(default_factory=list)
    repeats: Counter[str] = field(default_factory=Counter)
    named: list[InventoryEntry] = field(default_factory=list)
    explained: Counter[str] = field(default_factory=Counter)
    numbers: Counter[str] = field(default_factory=Counter)
    number_pairs: Counter["Pair"] = field(default_factory=Counter)
    bullets: int = 0

    @classmethod
    def of_text(cls, text: str) -> "Inventory":
        """Return the inventory of a plain text."""
        builder = InventoryBuilder()
        builder.add_lines(text)
        return builder.build()

    def name(self, text: str, result: str = "") -> None:
        """Add words that the writer is told of, and what a draft has in their place."""
        builder = InventoryBuilder(self.named[-1].line if self.named else 0)
        builder.add_lines(text)
        entries = builder.build().entries
        kept = Counter(entry.token.text for entry in Inventory.of_text(result).entries)
        self.explained += kept - Counter(entry.token.text for entry in entries)
        for entry in entries:
            if kept[entry.token.text]:
                kept[entry.token.text] -= 1
            else:
                self.named.append(entry)

    def imply_number(self, number: str, item: "Inventory") -> None:
        """Add the number that a list shows before ``item``."""
        self.numbers[token_text(number)] += 1
        self.number_pairs.update((number, entry.token.text) for entry in item.entries[:1])

    def live(self) -> list[InventoryEntry]:
        """Return the entries that belong to the text."""
        return [entry for entry in self.entries if entry.state is State.LIVE]

    def void(self) -> list[InventoryEntry]:
        """Return the entries that must be named, and must not be in a draft."""
        return [entry for entry in self.entries if entry.state is not State.LIVE]


#: Signs that are bullets at the start of an item.
_BULLETS = frozenset("o*-–—•‣◦·∙\u2043→")


class InventoryBuilder:
    """Builder of an inventory. Texts that are added one after another are one text, until ``end_line``."""

    def __init__(self, line: int = 0) -> None:
        self._inventory = Inventory()
        self._chars: list[MarkedChar] = []
        self._line = line
        self._place = ""

    @property
    def place(self) -> str:
        """Where the next words are, for messages."""
        return self._place

    @place.setter
    def place(self, place: str) -> None:
        self.end_line()
        self._place = place

    def add(self, text: str, *, script: Script = Script.LINE, state: State = State.LIVE) -> None:
        """Add characters to the open line."""
        self._chars += marked(text, script, state)

    def add_lines(self, text: str, *, state: State = State.LIVE) -> None:
        """Add a text of several lines."""
        for line in text.splitlines():
            self.add(line, state=state)
            self.end_line()

    def end_line(self) -> None:
        """End the line: what follows is never joined to it."""
        if not self._chars:
            return
        self._line += 1
        states = {char[2] for char in self._chars}
        for state in State:
            if state in states:
                self._inventory.entries += self._entries(state)
        self._chars = []

    def repeat(self, tokens: Iterable[InventoryToken]) -> None:
        """Let a draft have ``tokens`` once more."""
        self._inventory.repeats.update(token.text for token in tokens)

    def count(self) -> int:
        """Return the number of entries of the lines that have ended."""
        return len(self._inventory.entries)

    def tokens_since(self, count: int) -> list[InventoryToken]:
        """Return the tokens added after the first ``count``."""
        return [entry.token for entry in self._inventory.entries[count:]]

    def build(self) -> Inventory:
        """Return the inventory."""
        self.end_line()
        return self._inventory

    def _entries(self, state: State) -> Iterator[InventoryEntry]:
        chars = in_state(self._chars, state)
        end, ended_by = 0, ""
        for start, stop in token_ranges(chars):
            text = "".join(char[0] for char in chars[start:stop])
            joined = start == end and end > 0 and ended_by.isalnum() and text[:1].isalnum()
            token = InventoryToken(token_text(text), chars[start][1], joined)
            yield InventoryEntry(token, shown(chars[end:stop]), self._line, state, self._place)
            end, ended_by = stop, text[-1]


def differences(source: Inventory, draft: Inventory) -> list[Difference]:
    """Return what ``draft`` lost, gained or revived, compared with ``source``.

    Tokens are compared as a multiset, as footnotes, boxes and headings may have another place in a draft;
    where the choice is free, those are reported whose neighbours differ too.
    """
    live, texts, void = source.live(), draft.live(), source.void()
    told = draft.named + draft.void()
    need, have = Counter(e.token for e in live), Counter(e.token for e in texts)
    missing, new = need - have, have - need
    _take(new, source.repeats + draft.explained)
    named, unnamed = Counter(e.token.text for e in told), Counter(e.token.text for e in void)
    unnamed, named = unnamed - named, named - unnamed
    told_of = _take(missing, named)
    _take(missing, Counter(draft.numbers))
    _take_bullets(missing, draft.bullets)
    pairs = Counter(_number_pairs([*texts, *told])) + draft.number_pairs
    return [
        *_runs(DifferenceKind.MISSING, live, +missing, lambda e: e.token, _contexts(texts)),
        *_runs(DifferenceKind.UNNAMED, void, +unnamed, lambda e: e.token.text, _contexts(told)),
        *_runs(DifferenceKind.NEW, texts, +new, lambda e: e.token, _contexts(live)),
        *_parted(live, pairs, {*+missing, *told_of}),
    ]


def _take(tokens: Counter[InventoryToken], pool: Counter[str]) -> set[InventoryToken]:
    """Reduce ``tokens`` by those of the same text in ``pool``; return which were reduced."""
    taken: set[InventoryToken] = set()
    for token in [token for token, count in tokens.items() if count > 0 and pool[token.text] > 0]:
        covered = min(tokens[token], pool[token.text])
        pool[token.text] -= covered
        tokens[token] -= covered
        taken.add(token)
    return taken


def _take_bullets(tokens: Counter[InventoryToken], bullets: int) -> None:
    for token in [token for token in tokens if _is_bullet(token.text)]:
        covered = min(tokens[token], bullets)
        bullets -= covered
        tokens[token] -= covered


def _is_bullet(text: str) -> bool:
    return text in _BULLETS or unicodedata.category(text[0]) in {"So", "Co"}


def _contexts(entries: list[InventoryEntry]) -> set[Pair]:
    return {(a.token.text, b.token.text) for a, b in pairwise(entries)}


def _runs(
    kind: DifferenceKind,
    entries: list[InventoryEntry],
    wanted: Counter[Any],
    key: Callable[[InventoryEntry], Hashable],
    contexts: set[Pair],
) -> Iterator[Difference]:
    """Yield the ``wanted`` tokens in runs; of several occurrences those that have no known neighbour."""
    if not wanted:
        return
    by_key: dict[Hashable, list[tuple[int, int]]] = {}
    for n, entry in enumerate(entries):
        if key(entry) in wanted:
            before = (entries[n - 1].token.text, entry.token.text) if n else ("", "")
            after = (entry.token.text, entries[n + 1].token.text) if n + 1 < len(entries) else ("", "")
            by_key.setdefault(key(entry), []).append(((before in contexts) + (after in contexts), n))
    chosen = sorted(n for one, places in by_key.items() for _, n in sorted(places)[: wanted[one]])
    run: list[int] = []
    for n in [*chosen, -1]:
        follows = run and n == run[-1] + 1
        if run and not (follows and entries[n].place == entries[run[0]].place):
            yield Difference(kind, _quote([entries[i] for i in run]), entries[run[0]].place)
            run = []
        run.append(n)


def _quote(entries: list[InventoryEntry]) -> str:
    pieces: list[str] = []
    for before, entry in zip([None, *entries], entries, strict=False):
        if before is not None and before.line != entry.line:
            pieces.append(" ")
        pieces.append(entry.shown)
    return re.sub(r"^[.,;:!?)”\"]+\s+", "", " ".join("".join(pieces).split())).strip(" ,;:")


def _parted(
    live: list[InventoryEntry], kept: Counter[Pair], missing: Counter[InventoryToken]
) -> Iterator[Difference]:
    """Yield numbers that no longer stand before the word or sign they stood before."""
    lost = Counter(_number_pairs(live)) - kept
    for before, entry in pairwise(live):
        pair = (before.token.text, entry.token.text)
        if before.line == entry.line and lost[pair] > 0:
            lost[pair] -= 1
            if before.token not in missing and entry.token not in missing:
                yield Difference(DifferenceKind.PARTED, _quote([before, entry]), entry.place)


def _number_pairs(entries: list[InventoryEntry]) -> Iterator[Pair]:
    for before, entry in pairwise(entries):
        if before.line == entry.line and before.state is entry.state and before.token.is_number:
            yield before.token.text, entry.token.text

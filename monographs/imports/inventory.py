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


class Script(StrEnum):
    """Where characters stand relative to the line."""

    LINE = "line"
    RAISED = "raised"
    LOWERED = "lowered"


class State(StrEnum):
    """Whether words are part of the text, or the source shows them as void."""

    LIVE = "live"
    STRUCK = "struck"
    HIDDEN = "hidden"
    DELETED = "deleted"
    #: Part of the file, but not of the text: a comment, a header. Like void words it must be named.
    ASIDE = "aside"


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
    ``implied``: what a draft shows without writing it (numbers of a list), or tells the writer in a remark;
    ``implied_pairs``: numbers of a list with the first word of their item.
    ``bullets``: number of items that are shown with a bullet, which a source may have typed.
    """

    entries: list[InventoryEntry] = field(default_factory=list)
    repeats: Counter[str] = field(default_factory=Counter)
    implied: list[InventoryEntry] = field(default_factory=list)
    implied_pairs: Counter["Pair"] = field(default_factory=Counter)
    bullets: int = 0

    @classmethod
    def of_text(cls, text: str) -> "Inventory":
        """Return the inventory of a plain text."""
        builder = InventoryBuilder()
        builder.add_lines(text)
        return builder.build()

    def name(self, text: str) -> None:
        """Add words that the writer is told of."""
        builder = InventoryBuilder(self.implied[-1].line if self.implied else 0)
        builder.add_lines(text)
        self.implied += builder.build().entries

    def imply_number(self, number: str, item: "Inventory") -> None:
        """Add the number that a list shows before ``item``."""
        self.name(number)
        self.implied_pairs.update((number, entry.token.text) for entry in item.entries[:1])

    def live(self) -> list[InventoryEntry]:
        """Return the entries that belong to the text."""
        return [entry for entry in self.entries if entry.state is State.LIVE]

    def void(self) -> list[InventoryEntry]:
        """Return the entries that must be named, and must not be in a draft."""
        return [entry for entry in self.entries if entry.state is not State.LIVE]


#: Hyphens that differ only in where a line may break.
_HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011"), "-")
_RAISED = dict(zip(map(ord, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ"), "0123456789+-=()ni", strict=True))
_LOWERED = dict(zip(map(ord, "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎"), "0123456789+-=()", strict=True))
_SHOWN_RAISED = {ord(char): chr(raised) for raised, char in _RAISED.items()}
_SHOWN_LOWERED = {ord(char): chr(lowered) for lowered, char in _LOWERED.items()}
#: Invisible characters. Between letters they mean nothing, between digits they hold numbers apart.
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+")
_LIGATURE = re.compile("[ﬀ-ﬆ]")
_TOKEN = re.compile(
    r"(?:(?<![^\W_])(?<![.,])[.,](?=\d))?[^\W_]+"
    r"(?:(?:(?<=\d)[.,](?=\d)|(?<=[^\W\d_])['’](?=[^\W\d_]))[^\W_]+)*|[^\w\s]|_"
)
_SIGNS = frozenset("%‰°/*#&@^_~<>-–—\u2212§†‡")
_SIGN_CATEGORIES = frozenset({"Sm", "Sc", "So", "Co"})
#: Signs that are bullets at the start of an item.
_BULLETS = frozenset("o*-–—•‣◦·∙\u2043→")
_APOSTROPHE = str.maketrans("’", "'")


@dataclass(frozen=True, slots=True)
class _Char:
    """A character with its script and state."""

    char: str
    script: Script
    state: State


class InventoryBuilder:
    """Builder of an inventory. Texts that are added one after another are one text, until ``end_line``."""

    def __init__(self, line: int = 0) -> None:
        self._inventory = Inventory()
        self._chars: list[_Char] = []
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
        for char in text:
            raised, lowered = _RAISED.get(ord(char)), _LOWERED.get(ord(char))
            if raised:
                self._chars.append(_Char(raised, Script.RAISED, state))
            elif lowered:
                self._chars.append(_Char(lowered, Script.LOWERED, state))
            else:
                self._chars.append(_Char(char, script, state))

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
        for state in State:
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
        chars = _in_state(self._chars, state)
        end, ended_by = 0, ""
        for start, stop in _token_ranges(chars):
            text = "".join(c.char for c in chars[start:stop])
            joined = start == end and end > 0 and ended_by.isalnum() and text[:1].isalnum()
            shown = "".join(_shown(c) for c in chars[end:stop])
            end, ended_by = stop, text[-1]
            if text := _folded(text):
                token = InventoryToken(text, chars[start].script, joined)
                yield InventoryEntry(token, shown, self._line, state, self._place)


def _shown(char: _Char) -> str:
    if char.script is Script.RAISED:
        return char.char.translate(_SHOWN_RAISED)
    return char.char.translate(_SHOWN_LOWERED) if char.script is Script.LOWERED else char.char


def _in_state(chars: list[_Char], state: State) -> list[_Char]:
    """Return the characters in ``state``, with gaps where struck ones stood between digits."""
    kept: list[_Char] = []
    gap = False
    for char in chars:
        if char.state is not state:
            gap = gap or (state is not State.LIVE or char.state is State.STRUCK)
            continue
        apart = state is not State.LIVE or (bool(kept) and kept[-1].char.isdigit() and char.char.isdigit())
        if gap and apart:
            kept.append(_Char(" ", Script.LINE, state))
        gap = False
        kept.append(char)
    return _composed(kept)


def _composed(chars: list[_Char]) -> list[_Char]:
    """Return ``chars`` in NFC, with one look for hyphens, without invisible characters beside letters."""
    folded: list[_Char] = []
    for char in chars:
        if folded and unicodedata.combining(char.char):
            whole = unicodedata.normalize("NFC", folded[-1].char + char.char)
            if len(whole) == 1:
                folded[-1] = _Char(whole, folded[-1].script, char.state)
                continue
        text = unicodedata.normalize("NFC", char.char.translate(_HYPHENS))
        if _LIGATURE.match(text) or "\uff01" <= text <= "\uff5e":
            text = unicodedata.normalize("NFKC", text)
        folded += [_Char(one, char.script, char.state) for one in text]
    kept: list[_Char] = []
    for n, char in enumerate(folded):
        if _INVISIBLE.fullmatch(char.char):
            after = next((c.char for c in folded[n + 1 :] if not _INVISIBLE.fullmatch(c.char)), "")
            before = kept[-1].char if kept else ""
            if before.isdigit() and after.isdigit():
                kept.append(_Char(" ", char.script, char.state))
            continue
        kept.append(char)
    return kept


def _token_ranges(chars: list[_Char]) -> Iterator[tuple[int, int]]:
    """Yield start and end of each token; a token has one script."""
    start = 0
    while start < len(chars):
        end = start
        while end < len(chars) and chars[end].script is chars[start].script:
            end += 1
        text = "".join(c.char for c in chars[start:end])
        yield from ((start + m.start(), start + m.end()) for m in _TOKEN.finditer(text) if _counts(m[0]))
        start = end


def _counts(text: str) -> bool:
    """Whether a match is a token: punctuation is none."""
    # Drafts have “|” between cells that became one text
    sign = text in _SIGNS or (text != "|" and unicodedata.category(text[0]) in _SIGN_CATEGORIES)
    return text[-1].isalnum() or sign


def _folded(text: str) -> str:
    return text.translate(_APOSTROPHE).replace("µ", "μ")


def differences(source: Inventory, draft: Inventory) -> list[Difference]:
    """Return what ``draft`` lost, gained or revived, compared with ``source``.

    Tokens are compared as a multiset, as footnotes, boxes and headings may have another place in a draft;
    where the choice is free, those are reported whose neighbours differ too.
    """
    live, texts = source.live(), draft.live()
    known = draft.implied + draft.void()
    need, have = Counter(e.token for e in live), Counter(e.token for e in texts)
    missing, new = need - have, have - need
    for token in list(new):
        new[token] -= min(new[token], source.repeats[token.text])
    named = Counter(e.token.text for e in known)
    unnamed = Counter(e.token.text for e in source.void())
    unnamed, named = unnamed - named, named - unnamed
    bullets = draft.bullets
    for token in list(missing):
        covered = min(missing[token], named[token.text])
        named[token.text] -= covered
        missing[token] -= covered
        if token.text in _BULLETS or unicodedata.category(token.text[0]) in {"So", "Co"}:
            covered = min(missing[token], bullets)
            bullets -= covered
            missing[token] -= covered
    return [
        *_runs(DifferenceKind.MISSING, live, +missing, lambda e: e.token, _contexts(texts)),
        *_runs(DifferenceKind.UNNAMED, source.void(), +unnamed, lambda e: e.token.text, _contexts(known)),
        *_runs(DifferenceKind.NEW, texts, +new, lambda e: e.token, _contexts(live)),
        *_parted(live, Counter(_number_pairs([*texts, *known])) + draft.implied_pairs, +missing),
    ]


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

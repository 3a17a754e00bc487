"""Characters of a text for its inventory: their script and state, and where words, numbers and signs are."""

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum


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


#: A character with its script and state.
MarkedChar = tuple[str, Script, State]

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
#: Characters that look and mean the same.
_ONE_FORM = str.maketrans({"’": "'", "\u00b5": "μ", "\u2126": "Ω"})
#: Characters in which the next visible one is looked for.
_NEAR = 20


def marked(text: str, script: Script, state: State) -> list[MarkedChar]:
    """Return the characters of ``text``; Unicode's raised and lowered digits become digits with a script."""
    if text.isascii():
        return [(char, script, state) for char in text]
    return [_marked_char(char, script, state) for char in text]


def _marked_char(char: str, script: Script, state: State) -> MarkedChar:
    if raised := _RAISED.get(ord(char)):
        return raised, Script.RAISED, state
    if lowered := _LOWERED.get(ord(char)):
        return lowered, Script.LOWERED, state
    return char, script, state


def shown(chars: list[MarkedChar]) -> str:
    """Return characters as text, digits above and below the line as Unicode has them."""
    return "".join(_shown_char(char, script) for char, script, _ in chars)


def _shown_char(char: str, script: Script) -> str:
    if script is Script.RAISED:
        return char.translate(_SHOWN_RAISED)
    return char.translate(_SHOWN_LOWERED) if script is Script.LOWERED else char


def in_state(chars: list[MarkedChar], state: State) -> list[MarkedChar]:
    """Return the characters in ``state``, with gaps where struck ones stood between digits."""
    kept: list[MarkedChar] = []
    gap = False
    for char in chars:
        if char[2] is not state:
            gap = gap or state is not State.LIVE or char[2] is State.STRUCK
            continue
        if gap and (state is not State.LIVE or (kept and kept[-1][0].isdigit() and char[0].isdigit())):
            kept.append((" ", Script.LINE, state))
        gap = False
        kept.append(char)
    return kept if all(char[0].isascii() for char in kept) else _without_invisible(_composed(kept))


def _composed(chars: list[MarkedChar]) -> list[MarkedChar]:
    """Return ``chars`` in NFC, with one look for hyphens, ligatures and full-width characters."""
    folded: list[MarkedChar] = []
    for char, script, state in chars:
        if char.isascii():
            folded.append((char, script, state))
            continue
        if folded and unicodedata.combining(char):
            whole = unicodedata.normalize("NFC", folded[-1][0] + char)
            if len(whole) == 1:
                folded[-1] = (whole, folded[-1][1], state)
                continue
        text = unicodedata.normalize("NFC", char.translate(_HYPHENS))
        if _LIGATURE.match(text) or "\uff01" <= text <= "\uff5e":
            text = unicodedata.normalize("NFKC", text)
        folded += [(one, script, state) for one in text]
    return folded


def _without_invisible(chars: list[MarkedChar]) -> list[MarkedChar]:
    """Return ``chars`` without invisible ones, and with gaps where they stood between digits."""
    kept: list[MarkedChar] = []
    for n, (char, script, state) in enumerate(chars):
        if not _INVISIBLE.fullmatch(char):
            kept.append((char, script, state))
            continue
        after = next((c[0] for c in chars[n + 1 : n + _NEAR] if not _INVISIBLE.fullmatch(c[0])), "")
        if after.isdigit() and kept and kept[-1][0].isdigit():
            kept.append((" ", script, state))
    return kept


def token_ranges(chars: list[MarkedChar]) -> Iterator[tuple[int, int]]:
    """Yield start and end of each token; a token has one script."""
    start = 0
    while start < len(chars):
        end, script = start, chars[start][1]
        while end < len(chars) and chars[end][1] is script:
            end += 1
        text = "".join(char[0] for char in chars[start:end])
        yield from ((start + m.start(), start + m.end()) for m in _TOKEN.finditer(text) if _counts(m[0]))
        start = end


def _counts(text: str) -> bool:
    """Whether a match is a token: punctuation is none."""
    # Drafts have “|” between cells that became one text
    sign = text in _SIGNS or (text != "|" and unicodedata.category(text[0]) in _SIGN_CATEGORIES)
    return text[-1].isalnum() or sign


def token_text(text: str) -> str:
    """Return the form in which a token is compared."""
    return text.translate(_ONE_FORM)

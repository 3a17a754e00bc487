"""Characters of a text: those whose meaning is certain are normalised, the others are named.

Unicode's NFKC would change meanings (10⁸ becomes 108, 2½ becomes 21/2), so each class of characters has its
own rule here (decision 32). Properties are those of the Unicode Character Database in ``unicodedata``.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from monographs.core.character_doubts import CharacterDoubt, character_doubts
from monographs.core.character_names import character_name, excerpt_around, is_unseen
from monographs.core.mojibake import find_mojibake
from monographs.core.unseen_characters import meaningless_unseen


@dataclass(frozen=True, slots=True)
class CharacterChange:
    """Characters that were replaced, because what they stand for is certain.

    ``before`` and ``after`` are the words around them, with codes for what cannot be seen. ``shows``: whether
    a reader or a program could take the text for another one; NFC and kinds of spaces make no difference.
    """

    name: str
    source: str
    result: str
    before: str
    after: str
    shows: bool = True


@dataclass(frozen=True, slots=True)
class NormalisedText:
    """A text in normal form, what was changed in it, and what was left because it may mean several things."""

    text: str
    changes: tuple[CharacterChange, ...] = ()
    doubts: tuple[CharacterDoubt, ...] = ()

    @property
    def visible_changes(self) -> tuple[CharacterChange, ...]:
        """Changes that the writer should be told of."""
        return tuple(change for change in self.changes if change.shows)


_Edit = tuple[int, int, str, str, bool]  # start, end, replacement, name, shows

#: Windows-1252 (WHATWG Encoding Standard): what a C1 control is in a text that somebody typed.
_C1 = {
    chr(b): bytes([b]).decode("cp1252") for b in range(0x80, 0xA0) if b not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
_NEL = "\x85"
#: Dashes and signs that look and mean the same as the plain one.
_DASHES = {"\u2010": "-", "\u2011": "-", "\u2012": "–", "\u2015": "—", "\u2215": "/"}
#: Forms decided here: a space is looked at later; a script l is a litre, which l alone is not read as.
_SAME = {**_DASHES, "\u2103": "°C", "\u2109": "°F", "\u3000": None, "\u2113": None}
#: Units in one character, such as ㎎, after decomposition.
_SQUARE_UNIT = re.compile("[A-Za-z\u03bc\u03a9\u2215]+[23]?(?:\u2215s2?)?")
_LINE_BREAKS = {"\r\n": "\n", "\r": "\n", "\v": "\n", "\f": "\n", "\u2028": "\n", "\u2029": "\n\n"}
#: Spaces that are kept where they join a number to what follows: no line may break there.
_JOINING_SPACES = frozenset("\xa0\u2007\u202f\u2009\u200a\u2006")
_RAISED = str.maketrans("23", "²³")
#: A repair can show another one: mojibake of mojibake of mojibake is the most that was seen in real files.
_MOST_ROUNDS = 10


def normalise_text(text: str) -> NormalisedText:
    r"""Return ``text`` in normal form (NFC), with what was changed and what is in doubt.

    Lines are separated by ``\n``. Nothing is changed that could join, split or alter numbers.
    """
    if text.isascii() and not _ASCII_CONTROL.search(text):
        return NormalisedText(text, doubts=character_doubts(text))
    changes: list[CharacterChange] = []
    for _ in range(_MOST_ROUNDS):
        before = text
        for edits in (_mojibake_edits, _control_edits, _unseen_edits, _form_edits, _space_edits):
            text, found = _edited(text, edits)
            changes += found
        composed = unicodedata.normalize("NFC", text)
        if composed != text:
            changes.append(CharacterChange("composed characters (NFC)", "", "", "", "", shows=False))
            text = composed
        if text == before:
            break
    return NormalisedText(text, tuple(changes), character_doubts(text))


def seen_text(text: str) -> str:
    """Return ``text`` as a reader sees it: without what has no picture, with every digit as one of 0 to 9."""
    if text.isascii():
        return text
    seen = (char for char in normalise_text(text).text if not is_unseen(char))
    return "".join(
        str(unicodedata.digit(char)) if unicodedata.category(char) == "Nd" else char for char in seen
    )


_ASCII_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def _edited(text: str, find: Callable[[str], list[_Edit]]) -> tuple[str, list[CharacterChange]]:
    edits = find(text)
    if not edits:
        return text, []
    pieces: list[str] = []
    places: list[tuple[int, int]] = []
    last, length = 0, 0
    for start, end, result, _name, _shows in edits:
        pieces += (text[last:start], result)
        length += start - last
        places.append((length, length + len(result)))
        last, length = end, length + len(result)
    edited = "".join([*pieces, text[last:]])
    changes = [
        CharacterChange(
            name,
            text[start:end],
            result,
            excerpt_around(text, start, end),
            excerpt_around(edited, *place),
            shows,
        )
        for (start, end, result, name, shows), place in zip(edits, places, strict=True)
    ]
    return edited, changes


def _mojibake_edits(text: str) -> list[_Edit]:
    return [
        (start, end, meant, f"“{text[start:end]}”, a wrongly read “{meant or 'space'}”", True)
        for start, end, meant in find_mojibake(text)
    ]


_BREAK_OR_C1 = re.compile(r"\r\n|[\r\v\f\x80-\x9f\u2028\u2029]")


def _control_edits(text: str) -> list[_Edit]:
    is_windows = any(c in _C1 and c != _NEL for c in text)
    edits: list[_Edit] = []
    for match in _BREAK_OR_C1.finditer(text):
        control = match[0]
        if control == _NEL and not is_windows:
            result = "\n"
        elif control in _LINE_BREAKS:
            result = _LINE_BREAKS[control]
        elif control in _C1:
            result = _C1[control]
        else:
            continue
        name = f"{character_name(control)}, “{result}” in Windows-1252" if result.strip() else "line break"
        edits.append((*match.span(), result, name, bool(result.strip())))
    return edits


_HYPHENATED = re.compile(r"(?<=[^\W\d_])\xad[ \t]*\n[ \t]*(?=[^\W\d_])")


def _unseen_edits(text: str) -> list[_Edit]:
    """Remove what has no picture, where no number is beside it and no direction depends on it."""
    broken = [
        (*match.span(), "", f"{character_name(chr(0xAD))} at the end of a line", True)
        for match in _HYPHENATED.finditer(text)
    ]
    taken = {start for start, *_ in broken}
    plain = [
        (start, end, "", character_name(text[start]), not _is_picture_style(text[start]))
        for start, end in meaningless_unseen(text)
        if start not in taken
    ]
    return sorted([*broken, *plain])


def _is_picture_style(char: str) -> bool:
    """Whether ``char`` only chooses the drawing of the sign before it, as a text or in colour."""
    return char in "\ufe0e\ufe0f"


def _form_edits(text: str) -> list[_Edit]:
    edits: list[_Edit] = []
    for n, char in enumerate(text):
        if char.isascii():
            continue
        result = _same_form(char)
        if result is not None:
            edits.append((n, n + 1, result, character_name(char), char not in _DASHES))
    return edits


@lru_cache(maxsize=8192)
def _same_form(char: str) -> str | None:
    """Return what stands for another form of the same characters, None for every other character."""
    if char in _SAME:
        return _SAME[char]
    kind = unicodedata.decomposition(char).partition(" ")[0]
    plain = unicodedata.normalize("NFKC", char)
    match kind:
        case "<wide>" | "<small>":
            same = True
        case "<font>":
            same = plain.isascii() and plain.isalnum()
        case "<compat>":
            same = plain.isascii() and (_is_ligature(char) or unicodedata.category(char) == "Nl")
        case "<square>":
            same, plain = bool(_SQUARE_UNIT.fullmatch(plain)), plain.translate(_RAISED)
        case _:
            same = False
    return plain if same else None


def _is_ligature(char: str) -> bool:
    """Latin ligatures: ﬀ to ﬆ, and ĳ."""
    return "\ufb00" <= char <= "\ufb06" or char in "\u0132\u0133"


def _space_edits(text: str) -> list[_Edit]:
    edits: list[_Edit] = []
    for n, char in enumerate(text):
        if char in " \t\n" or unicodedata.category(char) != "Zs":
            continue
        joins = n > 0 and text[n - 1].isnumeric() and n + 1 < len(text) and not text[n + 1].isspace()
        if char in _JOINING_SPACES and joins:
            result = "\u202f" if char == "\u202f" else "\xa0"
        else:
            result = "\xa0" if char == "\xa0" else " "
        if result != char:
            edits.append((n, n + 1, result, character_name(char), False))
    return edits

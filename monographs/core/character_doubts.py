"""Characters that may stand for several things, or that a reader cannot see: found, never changed."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from monographs.core.character_names import character_name, escaped, excerpt_around
from monographs.core.lookalike_letters import lookalikes_in, other_script_words
from monographs.core.mojibake import broken_mojibake
from monographs.core.unseen_characters import is_blank_letter, is_ignorable


class DoubtKind(StrEnum):
    """Why a character may be misread."""

    UNSEEN = "unseen"  # no picture, beside a number or another sign
    CONTROL = "control"
    DAMAGED = "damaged"  # lost when the text was decoded
    PRIVATE = "private"  # a picture only in one font
    DIGIT = "digit"  # a digit of another script, or in a circle
    MARK = "mark"  # struck through, enclosed, or piled up on a letter
    SEPARATOR = "separator"  # like a point, a comma or a slash between digits
    LOOKALIKE = "lookalike"  # a letter that looks like another, or like a digit
    SCRIPT = "script"  # a word in another script


@dataclass(frozen=True, slots=True)
class CharacterDoubt:
    """Characters at ``start`` to ``end`` of a text. ``quote`` shows them among the words around them."""

    kind: DoubtKind
    start: int
    end: int
    name: str
    quote: str
    fix: str


_FIXES = {
    DoubtKind.UNSEEN: "Delete it, and type again what is on both sides of it.",
    DoubtKind.CONTROL: "Delete it, or type the character that was meant.",
    DoubtKind.DAMAGED: "Look in the source which character was meant, and type it.",
    DoubtKind.PRIVATE: "It has a picture in one font only. Type the character that was meant.",
    DoubtKind.DIGIT: "Write numbers with the digits 0 to 9.",
    DoubtKind.MARK: "Delete the mark, or type the letter again with its accent.",
    DoubtKind.SEPARATOR: "Write decimals with a full stop, and fractions such as ½ as one character.",
    DoubtKind.LOOKALIKE: "Delete it, and type what it looks like.",
    DoubtKind.SCRIPT: "Write it in Latin letters.",
}

#: Signs between two digits that look like a point, a comma, a colon or a slash, but are none to a program.
_SEPARATOR = re.compile(
    "(?<=\\d)[\u00b7\u2024\u2027\u2219\u22c5\u2022\u02d9\u0387\u2e31\u30fb\uff65\ua78f\u201a\u066b\u066c\u060c"
    "\u2044\u29f8\u2236\ua789\u05c3\u02d0\u0589\u2e33\u2e34](?=\\d)"
)
#: O, l and I in a number: “l0 mg”, “1O mg”. S, Z and B only after a digit: “B12 mg” may be a vitamin.
_UNIT = (
    r"(?=[ \xa0\u202f]?(?:mg|mcg|µg|μg|g|kg|mL|ml|L|IU|mmol|mEq|units?|tablets?|capsules?|drops?|doses?|"
    r"times|days?|weeks?|months?|years?|hours?|minutes?|percent|%)(?!\w))"
)
_IN_NUMBER = re.compile(
    rf"(?<![\w.,-])(?:(?=[\d.,]*[lIOo])(?=[lIOo.,]*\d)[\dlIOo.,]+|\d[\d.,]*[SZB]\d*){_UNIT}"
    r"|(?<![\w.,’'-])[lIO]{1,3}"
    r"(?=[ \xa0\u202f](?:mg|mcg|µg|μg|kg|mL|ml|mmol|units|tablets|capsules|days|weeks)\b)"
    r"|(?<=\d[.,])[lIO]+(?![a-zA-Z])|(?<=\d,)\d*[lIO][lIO\d]*(?![a-zA-Z])"
)
_KINDS = {"Cc": DoubtKind.CONTROL, "Cs": DoubtKind.DAMAGED, "Co": DoubtKind.PRIVATE, "Cn": DoubtKind.CONTROL}
#: Numbers that are read as such: raised and lowered digits, and fractions.
_READABLE = re.compile("[\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u2079\u2080-\u2089\u2150-\u215e\u2189]")
#: Marks on a letter: one that has no composed form is still drawn, more than two are not legible.
_MOST_MARKS = 2
#: Characters of a run of words in another script that its name shows.
_MOST_SHOWN = 40


def character_doubts(text: str) -> tuple[CharacterDoubt, ...]:
    """Return every doubt in ``text``, in its order."""
    ascii_only = text.isascii()
    spans = [*_letters_in_numbers(text), *_broken_codes(text)]
    spans += _ascii_controls(text) if ascii_only else _spans(text)
    found: list[CharacterDoubt] = []
    for start, end, kind, name in _runs(sorted(set(spans))):
        if not found or start >= found[-1].end:
            quote = excerpt_around(text, start, end)
            found.append(CharacterDoubt(kind, start, end, name, quote, _FIXES[kind]))
    return tuple(found)


_Span = tuple[int, int, DoubtKind, str]


def _runs(spans: list[_Span]) -> list[_Span]:
    """Return ``spans`` with those of one character that follow each other as one."""
    runs: list[_Span] = []
    for start, end, kind, name in spans:
        if runs and runs[-1][1:] == (start, kind, name):
            runs[-1] = (runs[-1][0], end, kind, name)
        else:
            runs.append((start, end, kind, name))
    return runs


_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def _ascii_controls(text: str) -> Iterator[_Span]:
    for match in _CONTROLS.finditer(text):
        if match[0] not in "\r\f\v":
            yield (*match.span(), DoubtKind.CONTROL, character_name(match[0]))


def _letters_in_numbers(text: str) -> Iterator[_Span]:
    for match in _IN_NUMBER.finditer(text):
        yield (*match.span(), DoubtKind.LOOKALIKE, f"“{match[0]}”, a number with letters in it,")


def _broken_codes(text: str) -> Iterator[_Span]:
    for start, end in broken_mojibake(text):
        yield start, end, DoubtKind.DAMAGED, f"“{escaped(text[start:end])}”, a wrongly decoded character,"


def _spans(text: str) -> Iterator[_Span]:
    for match in _SEPARATOR.finditer(text):
        yield (*match.span(), DoubtKind.SEPARATOR, character_name(match[0]))
    for n, char in enumerate(text):
        kind = _kind(char)
        if kind and not (kind is DoubtKind.MARK and not _is_misplaced_mark(text, n)):
            yield n, n + 1, kind, character_name(char)
    for start, end in lookalikes_in(text):
        yield start, end, DoubtKind.LOOKALIKE, character_name(text[start])
    for start, end in other_script_words(text):
        yield start, end, DoubtKind.SCRIPT, _script_name(text[start:end])


def _script_name(words: str) -> str:
    """Return the name of a run of words in another script, which may be a whole text."""
    if not any(char.isspace() for char in words):
        return f"“{words}”, a word in another script,"
    shown = words if len(words) <= _MOST_SHOWN else f"{words[:_MOST_SHOWN].rsplit(maxsplit=1)[0]} …"
    return f"“{shown}”, words in another script,"


@lru_cache(maxsize=8192)
def _kind(char: str) -> DoubtKind | None:
    """Return the doubt about one character; words and numbers are looked at elsewhere.

    A mark is in doubt only where it is misplaced.
    """
    if char in "\n\t\r\f\v" or (char.isascii() and char.isprintable()):
        return None
    kind: DoubtKind | None = None
    category = unicodedata.category(char)
    if char == "\ufffd":
        kind = DoubtKind.DAMAGED
    elif category in _KINDS:
        kind = _KINDS[category]
    elif category == "Nd" or (category in {"No", "Nl"} and not _READABLE.match(char)):
        kind = DoubtKind.DIGIT
    elif category in {"Cf", "Zl", "Zp"} or is_ignorable(char) or is_blank_letter(char):
        kind = DoubtKind.UNSEEN
    elif category in {"Mn", "Me", "Mc"}:
        kind = DoubtKind.MARK
    return kind


def _is_misplaced_mark(text: str, n: int) -> bool:
    """Whether the mark at ``n`` is not on a letter, encloses or strikes it, or is one of a pile."""
    mark = text[n]
    if unicodedata.category(mark) == "Me" or unicodedata.combining(mark) == 1:  # class 1: overlays
        return True
    base = n - 1
    while base >= 0 and n - base <= _MOST_MARKS and unicodedata.category(text[base])[0] == "M":
        base -= 1
    if n - base > _MOST_MARKS or base < 0 or not text[base].isalpha():
        return True
    return text[base].isascii()

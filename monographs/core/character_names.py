"""Names of characters for people, and texts in which invisible characters can be seen."""

import re
import unicodedata
from functools import lru_cache

from monographs.core.visible_text import visible

#: Names that people know, for characters that Unicode gives none or a long one.
_NAMES = {
    "\x7f": "delete", "\xa0": "no-break space", "\xad": "soft hyphen", "\u200b": "zero-width space",
    "\u200c": "zero-width non-joiner", "\u200d": "zero-width joiner", "\u2028": "line separator",
    "\u2029": "paragraph separator", "\u2060": "word joiner", "\ufeff": "byte order mark",
    "\ufffc": "object replacement character", "\ufffd": "replacement character",
    "\u202e": "right-to-left override", "\u202d": "left-to-right override", "\u2044": "fraction slash",
}  # fmt: skip
#: Categories of Unicode whose characters have no picture, or one that differs between fonts.
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp", "Mn", "Me"})
_LINE_BREAKS = frozenset("\n\r\t")


def character_name(character: str) -> str:
    """Return the name of a character with its code, such as “soft hyphen (U+00AD)”."""
    code = f"U+{ord(character):04X}"
    match unicodedata.category(character):
        case "Co":
            default = "symbol of a private font"
        case "Cs":
            default = "half of a character"
        case "Cc":
            default = "control character"
        case "Cn":
            default = "code without a character"
        case _:
            default = "character"
    name = _NAMES.get(character) or unicodedata.name(character, default).lower()
    return f"{name} ({code})"


@lru_cache(maxsize=8192)
def is_unseen(character: str) -> bool:
    """Whether a reader may not see ``character``, or not as a character of its own. Spaces are seen."""
    if character in _LINE_BREAKS or unicodedata.category(character) == "Zs":
        return False
    return unicodedata.category(character) in _UNSEEN or not visible(character)


def escaped(text: str) -> str:
    """Return ``text`` with each unseen character as its code, such as “1[U+00AD]2”."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(f"[U+{ord(c):04X}]" if is_unseen(c) else c for c in text)


def excerpt_around(text: str, start: int, end: int, *, width: int = 24) -> str:
    """Return ``text[start:end]`` with at most ``width`` characters either side, whole words, escaped.

    Of a long range its begin and its end are shown.
    """
    left = text[max(0, start - width) : start].rpartition("\n")[2]
    right = text[end : end + width].partition("\n")[0]
    if start > width and " " in left:
        left = left.split(" ", 1)[1]
    if end + width < len(text) and " " in right:
        right = right.rsplit(" ", 1)[0]
    middle = text[start:end]
    if len(middle) > 2 * width:
        middle = f"{middle[:width]} … {middle[-width:]}"
    return escaped(re.sub(r"\s+", " ", f"{left}{middle}{right}")).strip()

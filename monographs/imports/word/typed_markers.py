"""Bullets and numbers that somebody typed before the items of a list."""

import re
from dataclasses import dataclass

from monographs.imports.word.word_numbering import number_text

_GLYPHS = "•‣◦▪▫●○·■□◼◻➢➤►▶▸▹➔➜→∙⁃⦁⦿❖◆◇★☆✓✔✦❑❒❍❏◘◙\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf0a8\uf06e\uf071"
_BULLET = re.compile(rf"\s*(?:[{_GLYPHS}]\s*|[-–—*⁻]\s+|o\t\s*)(?=\S)")
#: A letter that is a bullet only where the next line has it too.
_LETTER = re.compile(r"\s*o\s+(?=\S)")
_NUMBER = re.compile(r"\s*(?P<open>\(?)(?P<number>\d{1,3}|[a-zA-Z]|[ivxlIVXL]{1,6})(?P<close>[.)])\s+(?=\S)")
_FORMATS = ("decimal", "lowerRoman", "upperRoman", "lowerLetter", "upperLetter")


@dataclass(frozen=True, slots=True)
class TypedMarker:
    """A typed bullet or number, and how many characters it takes. ``numbers``: the numbers it can stand for."""

    length: int
    glyph: str
    numbers: frozenset[tuple[str, int]] = frozenset()

    @property
    def is_number(self) -> bool:
        """Whether it is a number or a letter."""
        return bool(self.numbers)


def typed_bullet(text: str, following: str = "") -> TypedMarker | None:
    """Return the bullet that ``text`` begins with; ``following`` is the next paragraph."""
    match = _BULLET.match(text)
    if match is None and _LETTER.match(following):
        match = _LETTER.match(text)
    return TypedMarker(match.end(), match[0].strip()) if match else None


def typed_number(text: str) -> TypedMarker | None:
    """Return the number that ``text`` begins with, as in “(1)”, “a)” and “iv.”."""
    match = _NUMBER.match(text)
    if match is None or (match["open"] and match["close"] != ")"):
        return None
    written = match["number"]
    style = match["open"] + match["close"]
    if written.isdecimal():
        return TypedMarker(match.end(), written, frozenset({(f"decimal{style}", int(written))}))
    possible = (
        (f"{form}{style}", number)
        for form in _FORMATS[1:]
        for number in range(1, 27)
        if number_text(number, form) == written
    )
    numbers = frozenset(possible)
    return TypedMarker(match.end(), written, numbers) if numbers else None


def numbered_run(texts: list[str]) -> list[TypedMarker]:
    """Return the markers of the texts that number on from the first: 1, 2, 3 or a, b, c; at least two."""
    found: list[TypedMarker] = []
    forms: frozenset[str] = frozenset()
    for count, text in enumerate(texts, start=1):
        marker = typed_number(text)
        if marker is None:
            break
        here = frozenset(form for form, number in marker.numbers if number == count)
        forms = forms & here if found else here
        if not forms:
            break
        found.append(marker)
    return found if len(found) > 1 else []

"""Marks at the start of a line that may begin an item: bullets, numbers, letters, Roman numerals."""

import re
from dataclasses import dataclass

#: Signs that are bullets, with or without a space after them.
_SIGNS = "•‣◦▪▫■□▢●○◉◎◆◇◈▸▹►▻▶▷➢➣➤➔➜➙➛⮚⮞❖\u276f❱✓✔✦✧✱✲✳✴✶✽✿❍❏❐❑❒\u2043∙⦁⦾⦿⚫⚪⬤·・･\u2219\u2027\u22c5"
#: Signs that mean something else unless a space follows.
_SPACED = "*+–—→⇒»\u203a¤§~-"
#: Marks that are no bullets when a line alone begins with them; and those that may be part of its number.
_OFTEN_SIGNS = frozenset("*+~→⇒»\u203a¤§o")
_NEVER_BEFORE_NUMBERS = frozenset("-–—·・･\u2219\u2027\u22c5")
_INDENT = r"^(?P<indent>\s*)"
#: Bullets of the fonts Symbol and Wingdings, in the private area where Word puts them.
_BULLET = re.compile(
    rf"{_INDENT}(?:(?P<sign>[{re.escape(_SIGNS)}\uf000-\uf0ff])\s*|(?P<spaced>[{re.escape(_SPACED)}])(?:\s+|$)"
    r"|(?P<letter>o)(?:[ \t]+))(?P<text>.*)$"
)
_NUMBER = re.compile(
    rf"{_INDENT}(?P<open>\()?(?P<number>\d{{1,3}}|[a-zA-Z]|[ivxIVX]{{2,5}})(?P<close>\.\)|[.)])\s+(?P<text>\S.*)$"
)
_CIRCLED = re.compile(rf"{_INDENT}(?P<number>[①-⑳])\s*(?P<text>\S.*)$")
_ROMAN = {"i": 1, "v": 5, "x": 10}


@dataclass(frozen=True, slots=True)
class ListMarker:
    """The mark of a possible item, and the text after it.

    ``values``: what the mark can count as, by its style: “i.” is 1 in Roman numerals and 9 in letters. Empty
    for a bullet, whose ``mark`` is the sign.
    """

    indent: int
    mark: str
    text: str
    values: tuple[tuple[str, int], ...] = ()

    @property
    def is_bullet(self) -> bool:
        """Whether it is a sign, which counts nothing."""
        return not self.values

    @property
    def needs_neighbour(self) -> bool:
        """Whether it is a mark only beside another item: it may be a minus, a footnote's sign or a word."""
        if not self.is_bullet:
            return False
        before_number = self.text.lstrip(".,")[:1].isdigit()
        return self.mark in _OFTEN_SIGNS or (before_number and self.mark in _NEVER_BEFORE_NUMBERS)

    def counts(self, style: str) -> int:
        """Return what it counts in ``style``, 0 if it does not."""
        return next((value for known, value in self.values if known == style), 0)


def list_marker(line: str) -> ListMarker | None:
    """Return the mark that ``line`` begins with, None where there is none."""
    if bullet := _BULLET.match(line):
        mark = bullet["sign"] or bullet["spaced"] or bullet["letter"]
        return ListMarker(_width(bullet["indent"]), mark, bullet["text"].strip())
    if circled := _CIRCLED.match(line):
        value = ord(circled["number"]) - ord("①") + 1
        return ListMarker(
            _width(circled["indent"]), circled["number"], circled["text"].strip(), (("circled", value),)
        )
    if (number := _NUMBER.match(line)) and (not number["open"] or number["close"] == ")"):
        style = f"{number['open'] or ''}{{}}{number['close']}"
        return ListMarker(
            _width(number["indent"]),
            style.format(number["number"]),
            number["text"].strip(),
            tuple((style.format(kind), value) for kind, value in _values(number["number"])),
        )
    return None


def counts_on(line: str, next_line: str) -> bool:
    """Whether ``next_line`` begins with the number after the one that ``line`` begins with."""
    one, other = list_marker(line), list_marker(next_line)
    if one is None or other is None:
        return False
    return any(one.counts(style) and one.counts(style) + 1 == value for style, value in other.values)


def _values(number: str) -> list[tuple[str, int]]:
    if number.isdigit():
        return [("1", int(number))]
    small = number.lower()
    case = "a" if number.islower() else "A"
    values = [(f"{case}:letter", ord(small) - ord("a") + 1)] if len(number) == 1 else []
    if all(char in _ROMAN for char in small) and (value := _roman(small)):
        values.insert(0, (f"{case}:roman", value))
    return values


def _roman(small: str) -> int:
    """Return the value of a Roman numeral below 40, 0 for letters that are none."""
    digits = [_ROMAN[char] for char in small]
    value = sum(-a if a < b else a for a, b in zip(digits, [*digits[1:], 0], strict=True))
    return value if small == _roman_of(value) else 0


def _roman_of(value: int) -> str:
    tens, ones = divmod(value, 10)
    return "x" * max(tens, 0) + ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")[ones]


def _width(indent: str) -> int:
    return len(indent.expandtabs(4))


def is_list_item(line: str) -> bool:
    """Whether a line begins with a bullet or a number."""
    marker = list_marker(line)
    return marker is not None and (marker.is_bullet or marker.values[0][0].strip("(.)") == "1")

"""Numbering of a Word file: which paragraphs are items, and the label that Word shows before each."""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from monographs.imports.word.word_package import child_at, children_of

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_ALPHABET = 26
#: Larger numbers are not credible.
_MOST = 5000
_PLACE = re.compile(r"%(\d)")


@dataclass(frozen=True, slots=True)
class NumberingLevel:
    """One level of a numbering: its look, and the indent of its items in twentieths of a point."""

    format: str = "decimal"
    text: str = ""
    start: int = 1
    restarts_after: int | None = None
    indent: int | None = None
    legal: bool = False

    @property
    def is_bullet(self) -> bool:
        """Whether items have bullets."""
        return self.format == "bullet"

    @property
    def is_unmarked(self) -> bool:
        """Whether items have neither number nor bullet."""
        return self.format == "none" and not self.text.strip()


@dataclass(frozen=True, slots=True)
class ListLabel:
    """What Word shows before an item: its ``text``, and its number in its own level."""

    text: str
    number: int
    level: NumberingLevel


@dataclass(slots=True)
class _Numbering:
    """A ``w:num``: its levels, and the name of the abstract numbering whose counters it shares."""

    abstract: str
    levels: dict[int, NumberingLevel] = field(default_factory=dict)
    restarts: dict[int, int] = field(default_factory=dict)


class WordNumbering:
    """The numberings of a file, and the counters of its lists while paragraphs are read in order."""

    def __init__(self, root: Element | None) -> None:
        self._numberings: dict[str, _Numbering] = {}
        self._style_levels: dict[str, dict[str, int]] = {}
        self._counters: dict[str, dict[int, int]] = {}
        self._started: set[str] = set()
        if root is None:
            return
        abstracts = {a.get("w:abstractNumId", ""): a for a in root.iter("w:abstractNum")}
        by_style = {
            link.get("w:val", ""): abstract
            for abstract in abstracts.values()
            if (link := child_at(abstract, "w:styleLink")) is not None
        }
        for num in root.iter("w:num"):
            self._add(num, abstracts, by_style)

    def _add(self, num: Element, abstracts: dict[str, Element], by_style: dict[str, Element]) -> None:
        num_id, reference = num.get("w:numId", ""), child_at(num, "w:abstractNumId")
        name = "" if reference is None else reference.get("w:val", "")
        abstract = abstracts.get(name)
        link = child_at(abstract, "w:numStyleLink") if abstract is not None else None
        if link is not None:
            abstract = by_style.get(link.get("w:val", ""), abstract)
        numbering = _Numbering(abstract.get("w:abstractNumId", name) if abstract is not None else name)
        levels = list(abstract.iter("w:lvl")) if abstract is not None else []
        for override in num.iter("w:lvlOverride"):
            start = child_at(override, "w:startOverride")
            if start is not None:
                numbering.restarts[_number(override.get("w:ilvl"), 0)] = _number(start.get("w:val"), 1)
            levels += children_of(override, "w:lvl")
        for level in levels:
            at = _number(level.get("w:ilvl"), 0)
            numbering.levels[at] = _level(level)
            style = child_at(level, "w:pStyle")
            if style is not None:
                self._style_levels.setdefault(num_id, {})[style.get("w:val", "")] = at
        self._numberings[num_id] = numbering

    def level_of_style(self, num_id: str, style_id: str) -> int | None:
        """Return the level that a numbering links to a paragraph style."""
        return self._style_levels.get(num_id, {}).get(style_id)

    def level(self, num_id: str, at: int) -> NumberingLevel | None:
        """Return a level; None where the numbering does not exist, as in ``w:numId="0"``."""
        numbering = self._numberings.get(num_id)
        return None if numbering is None else numbering.levels.get(at, NumberingLevel(text=f"%{at + 1}."))

    def next_label(self, num_id: str, at: int) -> ListLabel | None:
        """Count an item, and return its label."""
        numbering, level = self._numberings.get(num_id), self.level(num_id, at)
        if numbering is None or level is None:
            return None
        counters = self._counters.setdefault(numbering.abstract, {})
        if num_id not in self._started:
            self._started.add(num_id)
            for place, start in numbering.restarts.items():
                counters[place] = start - 1
        counters[at] = min(counters.get(at, level.start - 1) + 1, _MOST)
        for deeper in [n for n in counters if n > at]:
            restarts = numbering.levels.get(deeper, level).restarts_after
            if restarts is None or (restarts and at < restarts):
                del counters[deeper]

        def shown(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            its = numbering.levels.get(place, level)
            count = counters.get(place, its.start)
            return number_text(count, "decimal" if level.legal else its.format)

        text = level.text if level.is_bullet else _PLACE.sub(shown, level.text)
        return ListLabel(text, counters[at], level)


def _level(element: Element) -> NumberingLevel:
    def value(name: str, default: str) -> str:
        child = child_at(element, f"w:{name}")
        return default if child is None else child.get("w:val", default)

    at = _number(element.get("w:ilvl"), 0)
    restart = child_at(element, "w:lvlRestart")
    indent = child_at(element, "w:pPr/w:ind")
    legal = child_at(element, "w:isLgl")
    return NumberingLevel(
        format=value("numFmt", "decimal"),
        text=value("lvlText", f"%{at + 1}." if child_at(element, "w:lvlText") is None else ""),
        start=_number(value("start", "1" if child_at(element, "w:start") is None else "0"), 1),
        restarts_after=None if restart is None else _number(restart.get("w:val"), 0),
        indent=left_indent(indent),
        legal=legal is not None and legal.get("w:val", "1") not in {"0", "false"},
    )


def left_indent(element: Element | None) -> int | None:
    """Return the left indent of a ``w:ind`` in twentieths of a point; None where it sets none."""
    if element is None:
        return None
    value = element.get("w:left") or element.get("w:start") or ""
    try:
        return int(float(value.removesuffix("pt")) * (20 if value.endswith("pt") else 1))
    except ValueError:
        return None


def _number(value: str | None, default: int) -> int:
    try:
        return min(int(value or default), _MOST)
    except ValueError:
        return default


def number_text(number: int, form: str) -> str:
    """Return ``number`` in one of Word's formats; other formats than these are shown as digits."""
    if form in {"lowerLetter", "upperLetter"} and number > 0:
        count, letter = divmod(number - 1, _ALPHABET)
        letters = chr(ord("a") + letter) * (count + 1)
        return letters.upper() if form == "upperLetter" else letters
    if form in {"lowerRoman", "upperRoman"} and number > 0:
        digits, left = "", number
        for value, letters in _ROMAN:
            count, left = divmod(left, value)
            digits += letters * count
        return digits.upper() if form == "upperRoman" else digits
    if form == "decimalZero":
        return f"{number:02}"
    return "" if form == "none" else str(number)

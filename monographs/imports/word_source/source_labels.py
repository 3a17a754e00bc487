"""Labels of numbered paragraphs of a Word file, for its inventory."""

from xml.etree.ElementTree import Element

from monographs.imports.word_source.source_parts import attribute, below, local, value_below

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ROMAN = [
    ("m", 1000), ("cm", 900), ("d", 500), ("cd", 400), ("c", 100), ("xc", 90), ("l", 50), ("xl", 40), ("x", 10),
    ("ix", 9), ("v", 5), ("iv", 4), ("i", 1),
]  # fmt: skip
_MOST = 5000


def _digits(text: str | None, otherwise: int) -> int:
    return min(int(text), _MOST) if text and text.lstrip("-").isdecimal() else otherwise


def _form(number: int, form: str) -> str:
    letters = ""
    match form.lower():
        case "lowerletter" | "upperletter" if number > 0:
            letters = _LETTERS[(number - 1) % 26] * ((number - 1) // 26 + 1)
        case "lowerroman" | "upperroman" if number > 0:
            for sign, value in _ROMAN:
                while number >= value:
                    letters, number = letters + sign, number - value
        case "decimalzero":
            return str(number).rjust(2, "0")
        case "none":
            return ""
        case _:
            return str(number)
    return letters.upper() if form.startswith("upper") else letters


class SourceLabels:
    """The numberings of a file, counted in the order of its paragraphs."""

    def __init__(self, numbering: Element | None) -> None:
        children = list(numbering) if numbering is not None else []
        self._abstract = {attribute(c, "abstractNumId"): c for c in children if local(c) == "abstractNum"}
        self._nums = {attribute(c, "numId"): c for c in children if local(c) == "num"}
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[str] = set()

    def _kind(self, num_id: str) -> tuple[str, Element] | None:
        num = self._nums.get(num_id)
        name = value_below(num, "abstractNumId") if num is not None else None
        abstract = self._abstract.get(name or "")
        if num is None or abstract is None:
            return None
        linked = value_below(abstract, "numStyleLink")
        if linked:
            for other_name, other in self._abstract.items():
                if value_below(other, "styleLink") == linked:
                    return other_name, other
        return name or "", abstract

    def _level(self, num_id: str, at: int) -> Element | None:
        kind = self._kind(num_id)
        num = self._nums.get(num_id)
        if kind is None or num is None:
            return None
        overrides = [o for o in num if local(o) == "lvlOverride" and attribute(o, "ilvl") == str(at)]
        for place in [*overrides, kind[1]]:
            for level in place:
                if local(level) == "lvl" and attribute(level, "ilvl") == str(at):
                    return level
        return None

    def exists(self, num_id: str) -> bool:
        """Whether a numbering has levels."""
        return self._kind(num_id) is not None

    def level_for(self, num_id: str, style: str) -> int:
        """Return the level that is tied to a paragraph style, else 0."""
        found = (n for n in range(9) if style == (self._tied(num_id, n) or None))
        return next(found, 0)

    def _tied(self, num_id: str, at: int) -> str:
        level = self._level(num_id, at)
        return (value_below(level, "pStyle") or "") if level is not None else ""

    def count(self, num_id: str, at: int) -> str:
        """Count a paragraph, and return its label; nothing for a bullet."""
        kind = self._kind(num_id)
        if kind is None:
            return ""
        counts = self._counts.setdefault(kind[0], [None] * 10)
        if num_id not in self._begun:
            self._begun.add(num_id)
            for override in self._nums[num_id]:
                begin = value_below(override, "startOverride") if local(override) == "lvlOverride" else None
                if begin is not None:
                    counts[_digits(attribute(override, "ilvl"), 0)] = _digits(begin, 1) - 1
        level = self._level(num_id, at)
        first = self._first(level)
        current = counts[at]
        counts[at] = min(first if current is None else current + 1, _MOST)
        for deeper in range(at + 1, 10):
            restart = self._restart(num_id, deeper)
            if restart is None or (restart and at < restart):
                counts[deeper] = None
        if level is None:
            return f"{counts[at]}."
        if value_below(level, "numFmt") == "bullet":
            return ""
        return self._text(num_id, level, at, counts)

    def _restart(self, num_id: str, at: int) -> int | None:
        level = self._level(num_id, at)
        value = value_below(level, "lvlRestart") if level is not None else None
        return None if value is None else _digits(value, 0)

    @staticmethod
    def _first(level: Element | None) -> int:
        start = value_below(level, "start") if level is not None else None
        return 1 if level is None else _digits(start, 1 if start is None else 0)

    def _text(self, num_id: str, level: Element, at: int, counts: list[int | None]) -> str:
        text = value_below(level, "lvlText")
        text = f"%{at + 1}." if text is None else text
        legal = below(level, "isLgl") is not None and (value_below(level, "isLgl") or "1") not in {
            "0",
            "false",
        }
        for n in range(9):
            if f"%{n + 1}" in text:
                its = self._level(num_id, n)
                form = "decimal" if legal or its is None else value_below(its, "numFmt") or "decimal"
                number = counts[n]
                shown = _form(self._first(its) if number is None else number, form)
                text = text.replace(f"%{n + 1}", shown)
        return text

"""Fields of a Word file: their results are text, their codes are not."""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from monographs.imports.word.symbol_fonts import symbol
from monographs.imports.word.word_package import child_at, children_of

_ADDRESS = re.compile(r'^\s*HYPERLINK\s+"([^"]+)"', re.IGNORECASE)
_SYMBOL = re.compile(r'^\s*SYMBOL\s+(\d+|0x[0-9a-f]+)\b(?:.*\\f\s+"?([^"\\]+)"?)?', re.IGNORECASE)
#: Fields without a result in the file: Word draws what their code says.
_DRAWN = re.compile(
    r"^\s*(?:EQ|MACROBUTTON|GOTOBUTTON|LISTNUM|AUTONUM\w*|ADVANCE|FILLIN|QUOTE)\b", re.IGNORECASE
)
_CHECKED, _UNCHECKED = "☑", "☐"


@dataclass(slots=True)
class OpenField:
    """A field whose end was not read yet."""

    start: Element
    code: str = ""
    in_result: bool = False
    has_result: bool = False


@dataclass(slots=True)
class OpenFields:
    """The open fields at a place of a text, outermost first. ``ended``: the starts of fields that have an end."""

    ended: set[int] = field(default_factory=set)
    fields: list[OpenField] = field(default_factory=list)

    @classmethod
    def of(cls, root: Element) -> "OpenFields":
        """Return the state at the start of a part; a field that is never ended is none."""
        opened: list[Element] = []
        ended: set[int] = set()
        for mark in root.iter("w:fldChar"):
            kind = mark.get("w:fldCharType")
            if kind == "begin":
                opened.append(mark)
            elif kind == "end" and opened:
                ended.add(id(opened.pop()))
        return cls(ended)

    @property
    def in_code(self) -> bool:
        """Whether words here are part of a code."""
        return any(not one.in_result for one in self.fields)

    @property
    def href(self) -> str:
        """The address of the innermost link."""
        for one in reversed(self.fields):
            if match := _ADDRESS.match(one.code):
                return match[1]
        return ""

    def add_code(self, words: str) -> None:
        """Add a piece of the innermost field's code."""
        if self.fields and not self.fields[-1].in_result:
            self.fields[-1].code += words

    def note_words(self) -> None:
        """Note that the open fields have a result."""
        for one in self.fields:
            one.has_result = True

    def mark(self, element: Element) -> "OpenField | None":
        """Read a ``w:fldChar``; return the field that it ends."""
        kind = element.get("w:fldCharType")
        if kind == "begin" and id(element) in self.ended:
            self.fields.append(OpenField(element))
        elif kind == "separate" and self.fields:
            self.fields[-1].in_result = True
        elif kind == "end" and self.fields:
            return self.fields.pop()
        return None


def shown_by_code(ended: OpenField) -> str:
    """Return what a field without a result shows: a tick box, a chosen entry, a symbol."""
    data = child_at(ended.start, "w:ffData")
    if data is not None:
        box, choices = child_at(data, "w:checkBox"), child_at(data, "w:ddList")
        if box is not None:
            return _CHECKED if _is_checked(box) else _UNCHECKED
        if choices is not None and not ended.has_result:
            return _chosen(choices)
    match = _SYMBOL.match(ended.code)
    if match is None or ended.has_result:
        return ""
    code = int(match[1], 16 if match[1].lower().startswith("0x") else 10) & 0xFFFF
    return symbol((match[2] or "Symbol").strip(), chr(code)) or chr(code)


def unshown_code(ended: OpenField) -> str:
    """Return the code of a field that Word draws from it, when it has no result; else nothing."""
    return " ".join(ended.code.split()) if _DRAWN.match(ended.code) and not ended.has_result else ""


def _is_checked(box: Element) -> bool:
    state = child_at(box, "w:checked")
    state = child_at(box, "w:default") if state is None else state
    return state is not None and state.get("w:val", "1") not in {"0", "false", "off"}


def _chosen(choices: Element) -> str:
    entries = [entry.get("w:val", "") for entry in children_of(choices, "w:listEntry")]
    result = child_at(choices, "w:result")
    result = child_at(choices, "w:default") if result is None else result
    number = 0 if result is None else int(result.get("w:val", "0") or 0)
    return entries[number] if 0 <= number < len(entries) else ""

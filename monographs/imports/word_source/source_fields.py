"""Fields of a Word file, for its inventory: which words are results, and which are codes."""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from monographs.imports.word.symbol_fonts import symbol
from monographs.imports.word_source.source_parts import attribute, below, local, value_below

_DRAWN = ("EQ", "MACROBUTTON", "GOTOBUTTON", "LISTNUM", "AUTONUM", "ADVANCE", "FILLIN", "QUOTE")


def ends_of(root: Element) -> set[int]:
    """Return the ids of the marks that begin fields which also end."""
    begun: list[Element] = []
    closed: set[int] = set()
    for element in root.iter():
        if local(element) == "fldChar":
            kind = attribute(element, "fldCharType")
            if kind == "begin":
                begun.append(element)
            elif kind == "end" and begun:
                closed.add(id(begun.pop()))
    return closed


def code_words(code: str) -> str:
    """Return a code that Word draws, which has words of its own."""
    return code.strip() if code.strip().upper().startswith(_DRAWN) else ""


@dataclass(slots=True)
class FieldState:
    """The open fields: their marks, codes, and whether their result has begun and has words."""

    closed: set[int] = field(default_factory=set)
    stack: list[dict[str, object]] = field(default_factory=list)

    @property
    def hides(self) -> bool:
        """Whether words are part of a code."""
        return any(not one["result"] for one in self.stack)

    def code(self, text: str) -> None:
        """Add to the innermost code."""
        if self.stack and not self.stack[-1]["result"]:
            self.stack[-1]["code"] = f"{self.stack[-1]['code']}{text}"

    def has_words(self) -> None:
        """Note that the open fields have results."""
        for one in self.stack:
            one["words"] = True

    def mark(self, element: Element) -> tuple[str, str]:
        """Read a mark; return what the field that ends shows by itself, and its code if Word draws it."""
        kind = attribute(element, "fldCharType")
        if kind == "begin" and id(element) in self.closed:
            self.stack.append({"mark": element, "code": "", "result": False, "words": False})
        elif kind == "separate" and self.stack:
            self.stack[-1]["result"] = True
        elif kind == "end" and self.stack:
            ended = self.stack.pop()
            if not self.hides:
                shown = _shown(ended)
                words = "" if shown or ended["words"] else code_words(str(ended["code"]))
                return shown, words
        return "", ""


def _shown(ended: dict[str, object]) -> str:
    mark = ended["mark"]
    data = below(mark, "ffData") if isinstance(mark, Element) else None
    box = below(data, "checkBox") if data is not None else None
    choices = below(data, "ddList") if data is not None else None
    if box is not None:
        state = value_below(box, "checked")
        state = value_below(box, "default") if state is None else state
        return "☑" if state is not None and state not in {"0", "false", "off"} else "☐"
    if choices is not None and not ended["words"]:
        entries = [attribute(entry, "val") for entry in choices if local(entry) == "listEntry"]
        given = value_below(choices, "result")
        chosen = int((value_below(choices, "default") if given is None else given) or 0)
        return entries[chosen] if chosen < len(entries) else ""
    found = re.match(r'\s*SYMBOL\s+(\w+)(?:.*\\f\s+"?([^"\\]+))?', str(ended["code"]), re.IGNORECASE)
    if found is None or ended["words"]:
        return ""
    char = chr(int(found[1], 0) & 0xFFFF)
    return symbol((found[2] or "Symbol").strip(), char) or char

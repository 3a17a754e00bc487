"""Words of what a Word file holds besides text, for its inventory."""

from collections.abc import Iterator
from html.parser import HTMLParser
from xml.etree.ElementTree import Element

from monographs.imports.word_source.source_parts import SourceParts, attribute, local

#: Elements that hold words, and elements that end a group of words.
_WORDS = {"t", "delText", "a.t", "a.v", "m.t", "a.pt"}
_ENDS = {"p", "a.p", "a.pt", "a.v", "a.si", "tab", "br", "cr", "a.br", "m.oMath"}
_ALTERNATIVES = ("title", "descr", "alt")
_NAMED = {"docPr", "cNvPr", "shape", "rect", "group", "a.docPr", "a.cNvPr"}


def object_words(element: Element, parts: SourceParts, part: str) -> tuple[list[Element], list[str]]:
    """Return the text boxes in an object, and the words of everything else in it."""
    boxes: list[Element] = []
    words: dict[str, None] = {}
    _look(element, parts, part, boxes, words)
    return boxes, [text for text in words if text]


def _look(
    element: Element, parts: SourceParts, part: str, boxes: list[Element], words: dict[str, None]
) -> None:
    name = local(element)
    if name == "AlternateContent":
        branches = [child for child in element if local(child) in {"Choice", "Fallback"}]
        spoken = [b for b in branches if any(local(e) in _WORDS and e.text for e in b.iter())]
        for branch in (spoken or [b for b in branches if len(b)])[:1]:
            _look(branch, parts, part, boxes, words)
        return
    if name == "txbxContent":
        boxes.append(element)
        return
    words |= dict.fromkeys(_own_words(element, name, parts, part))
    for child in element:
        _look(child, parts, part, boxes, words)


def _own_words(element: Element, name: str, parts: SourceParts, part: str) -> Iterator[str]:
    """Yield the words of one element of an object, and of the part that it shows."""
    if name in _NAMED:
        yield from (attribute(element, key).strip() for key in _ALTERNATIVES)
    elif name == "textpath":
        yield attribute(element, "string")
    elif name == "a.t":
        yield (element.text or "").strip()
    elif name in {"OLEObject", "a.chart"}:
        yield part_text(parts, parts.by_id(part, attribute(element, "id")))
    elif name == "a.relIds":
        yield part_text(parts, parts.by_id(part, attribute(element, "dm")))


def part_text(parts: SourceParts, name: str) -> str:
    """Return the words of a part, or of a package that is embedded under its name."""
    if not name:
        return ""
    if name not in parts:
        return " ".join(_embedded(parts, f"{name}!/"))
    if name.endswith((".htm", ".html", ".xhtml", ".mht")):
        text = _HtmlText()
        text.feed(parts.content(name).decode("utf-8", "replace"))
        return " ".join(" ".join(text.texts).split())
    if name.endswith(".txt"):
        return parts.content(name).decode("utf-8", "replace")
    if name.endswith(".rtf"):
        return ""
    root = parts.tree(name)
    found = ["".join(_texts(root))]
    for element in root.iter():
        if local(element) in {"drawing", "pict", "object"}:
            found += object_words(element, parts, name)[1]
    return " ".join(" ".join(found).split())


def _texts(element: Element) -> Iterator[str]:
    name = local(element)
    if name == "AlternateContent":
        branches = [child for child in element if local(child) in {"Choice", "Fallback"}]
        spoken = [b for b in branches if any(local(e) in _WORDS and e.text for e in b.iter())]
        for branch in spoken[:1]:
            yield from _texts(branch)
        return
    if name in {"t", "delText", "a.t", "a.v", "m.t"} or (name == "a.pt" and not len(element)):
        yield element.text or ""
    for child in element:
        yield from _texts(child)
    if name in _ENDS:
        yield " "


def _embedded(parts: SourceParts, start: str) -> Iterator[str]:
    """Yield the texts of an embedded spreadsheet, document or presentation."""
    strings: list[str] = []
    for name in parts.names(f"{start}xl/sharedstrings"):
        strings = ["".join(_texts(item)) for item in parts.tree(name) if local(item) == "a.si"]
    for name in parts.names(f"{start}xl/worksheets/"):
        for cell in parts.tree(name).iter():
            if local(cell) != "a.c":
                continue
            value = "".join(e.text or "" for e in cell.iter() if local(e) in {"a.v", "a.t"})
            is_string = attribute(cell, "t") == "s" and value.isdecimal() and int(value) < len(strings)
            yield strings[int(value)] if is_string else value
    for folder in ("word/document", "word/footnotes", "ppt/slides/", "xl/charts/"):
        for name in parts.names(start + folder):
            if name.endswith(".xml"):
                yield "".join(_texts(parts.tree(name)))


class _HtmlText(HTMLParser):
    """The texts of a web page."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

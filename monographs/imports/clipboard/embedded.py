"""What clipboard HTML holds besides words: pictures, form fields, formulas, drawings, footnote marks."""

import re
from collections.abc import Iterable, Iterator

from monographs.imports.clipboard.elements import Element
from monographs.imports.clipboard.pasted_units import PasteNotice

_FRAMES = {"video": "video", "audio": "recording", "iframe": "frame", "object": "object", "embed": "object",
           "canvas": "drawing", "svg": "drawing"}  # fmt: skip
_TAG = re.compile(r"<[^>]+>")
_TEXT_BOX = re.compile(
    r"<(v:textbox|v:textpath|m:oMath(?:Para)?|w:txbxContent)\b(.*?)(?:</\1\s*>|\Z)", re.DOTALL
)
_STRING = re.compile(r"""\bstring\s*=\s*["']([^"']*)["']""")
_NOTE_TARGET = re.compile(
    r"#?_?(?:ftn|edn|ftnref|ednref|ftnt|ftnt_ref|sdfootnote\d+|sdendnote\d+|footnote|endnote|fn|cite_note|cite_ref)"
    r"[-_.:\w]*",
    re.IGNORECASE,
)
_NOTE_CLASSES = {
    "sdfootnoteanc",
    "sdfootnotesym",
    "sdendnoteanc",
    "sdendnotesym",
    "footnote-ref",
    "footnoteref",
}
_NOTE_LABEL = re.compile(r"\[?\s*([0-9]{1,3}|[ivx]{1,5}|[a-z*†‡§])\s*\]?", re.IGNORECASE)
_RAISING = {"msup": "sup", "msub": "sub"}


def describe(element: Element) -> tuple[str, PasteNotice | None] | None:
    """Return the words to keep of an element that is not words, and what to say; None for other elements."""
    tag, attrs = element.tag, element.attrs
    if tag == "img":
        alt = attrs.get("alt", "") or attrs.get("title", "")
        notice = PasteNotice(
            "A picture was left out. Add it as a figure. It is described as:", alt, omitted=True
        )
        return "", notice if alt or not _is_spacer(attrs) else None
    if tag == "input":
        return _input(attrs)
    if tag == "select":
        chosen = [e.text() for e in element.walk() if e.tag == "option" and "selected" in e.attrs]
        every = [e.text() for e in element.walk() if e.tag == "option"]
        words = ", ".join(chosen or every)
        return "", PasteNotice("A list to choose from was left out. It shows:", words, omitted=True)
    if tag in _FRAMES:
        words = element.text() or attrs.get("title", "") or attrs.get("aria-label", "")
        return "", PasteNotice(f"A {_FRAMES[tag]} was left out. Its words are:", words, omitted=True)
    return None


def _is_spacer(attrs: dict[str, str]) -> bool:
    return {attrs.get("width", ""), attrs.get("height", "")} & {"0", "1", "1px"} != set()


def _input(attrs: dict[str, str]) -> tuple[str, PasteNotice | None]:
    kind = attrs.get("type", "text").lower()
    if kind in {"checkbox", "radio"}:
        return ("☑" if "checked" in attrs else "☐"), None
    words = attrs.get("value", "")
    if kind in {"hidden", "password"} or not words:
        return "", None
    return "", PasteNotice("A field of a form was left out. It says:", words, omitted=True)


def formula(element: Element, raised: str = "") -> Iterator[tuple[str, str]]:
    """Yield the pieces of a formula (MathML) in a line, each with “sup”, “sub” or nothing."""
    parts = [c for c in element.children if isinstance(c, Element) or c.strip()]
    if element.tag in {"annotation", "annotation-xml"}:
        return
    if element.tag == "mfrac" and len(parts) == 2:  # noqa: PLR2004  # above and below the line
        yield from _bracketed(parts[0], raised)
        yield "/", raised
        yield from _bracketed(parts[1], raised)
    elif element.tag in {*_RAISING, "msubsup"} and len(parts) > 1:
        marks = ["", "sub", "sup"] if element.tag == "msubsup" else ["", _RAISING[element.tag]]
        for part, mark in zip(parts, marks, strict=False):
            yield from _piece(part, raised or mark)
    elif element.tag == "msqrt":
        yield "√", raised
        yield from _bracketed(element, raised)
    else:
        for part in parts:
            yield from _piece(part, raised)


def _piece(part: Element | str, raised: str) -> Iterator[tuple[str, str]]:
    if isinstance(part, str):
        yield " ".join(part.split()), raised
    else:
        yield from formula(part, raised)


def _bracketed(part: Element | str, raised: str) -> Iterator[tuple[str, str]]:
    simple = isinstance(part, str) or part.tag in {"mn", "mi", "mtext"}
    if not simple:
        yield "(", raised
    if isinstance(part, Element) and part.tag == "msqrt":
        for child in part.children:
            yield from _piece(child, raised)
    else:
        yield from _piece(part, raised)
    if not simple:
        yield ")", raised


def drawings(comments: Iterable[str]) -> Iterator[str]:
    """Yield the words of text boxes and formulas that Word keeps in comments for itself."""
    for comment in comments:
        if not re.match(r"\[if\b", comment.strip()):
            continue
        for match in _TEXT_BOX.finditer(comment):
            inside = match[2].partition(">")[2]
            words = " ".join(_TAG.sub(" " if match[1] != "m:oMath" else "", inside).split())
            words = words or " ".join(_STRING.findall(match[2]))
            if words:
                yield words


def is_footnote_mark(element: Element) -> bool:
    """Whether an element is the mark of a footnote, in the text or before the note."""
    if element.tag != "a":
        return False
    target = element.attrs.get("href", "").rpartition("#")
    named = bool(target[1]) and bool(_NOTE_TARGET.fullmatch(target[2]))
    if not (
        named
        or _NOTE_CLASSES & {name.lower() for name in element.classes}
        or "mso-footnote-id" in _style(element)
    ):
        return False
    return bool(_NOTE_LABEL.fullmatch(element.text()))


def _style(element: Element) -> str:
    return element.attrs.get("style", "").replace("endnote", "footnote")


def note_number(element: Element) -> str:
    """Return the number or sign of a footnote mark."""
    match = _NOTE_LABEL.fullmatch(element.text())
    return match[1] if match else ""

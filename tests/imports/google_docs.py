"""A Word file as Google Docs exports one that it opened before.

It keeps words, headings, lists, tables, comments and suggestions (as tracked changes). Bookmarks, properties
and styles of our own are gone; the look of these is in each run instead. Endnotes have become footnotes, and
what is commented or suggested is in content controls.
"""

from copy import deepcopy
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from lxml import etree

from tests.imports.marked_files import W

_KEPT_STYLES = ("Normal", "Title", "Heading", "ListParagraph")
_LOOK = ("b", "i", "color", "sz")
_TEXTS = ("word/document.xml", "word/endnotes.xml")


def as_google_docs(data: bytes) -> bytes:
    """Return the file as Google Docs gives it back."""
    with ZipFile(BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist() if not name.startswith("docProps/")}
    styles = etree.fromstring(parts["word/styles.xml"])
    looks = {style.get(f"{W}styleId"): _look(style) for style in styles.iter(f"{W}style")}
    for name in _TEXTS:
        parts[name] = _exported(etree.fromstring(parts[name]), looks)
    for style in [*styles.iter(f"{W}style")]:
        if not style.get(f"{W}styleId", "").startswith(_KEPT_STYLES):
            styles.remove(style)
    parts["word/styles.xml"] = etree.tostring(styles)
    parts["word/footnotes.xml"] = parts.pop("word/endnotes.xml").replace(b"endnote", b"footnote")
    for name in ("[Content_Types].xml", "word/_rels/document.xml.rels"):
        parts[name] = parts[name].replace(b"endnotes", b"footnotes")
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def _exported(root: Any, looks: dict[str, list[Any]]) -> bytes:
    for mark in [*root.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")]:
        mark.getparent().remove(mark)
    for paragraph in root.iter(f"{W}p"):
        _flatten(paragraph, looks)
    for run in [*root.iter(f"{W}r")]:
        if (note := run.find(f"{W}endnoteReference")) is not None:
            _as_footnote(run, note)
    for mark in [*root.iter(f"{W}commentRangeStart", f"{W}commentRangeEnd", f"{W}ins", f"{W}del")]:
        if mark.getparent().tag in (f"{W}p", f"{W}hyperlink"):
            _in_content_control(mark)
    return bytes(etree.tostring(root))


def _look(style: Any) -> list[Any]:
    properties = style.find(f"{W}rPr")
    return [] if properties is None else [each for name in _LOOK for each in properties.findall(f"{W}{name}")]


def _flatten(paragraph: Any, looks: dict[str, list[Any]]) -> None:
    """Put the look of styles of our own into the runs."""
    named = paragraph.find(f"{W}pPr/{W}pStyle")
    style = "" if named is None else named.get(f"{W}val")
    if named is not None and not style.startswith(_KEPT_STYLES):
        named.getparent().remove(named)
    for run in paragraph.iter(f"{W}r"):
        properties = run.find(f"{W}rPr")
        if properties is None:
            properties = etree.Element(f"{W}rPr")
            run.insert(0, properties)
        own = properties.find(f"{W}rStyle")
        for name in (style, "" if own is None else own.get(f"{W}val")):
            if not name.startswith(_KEPT_STYLES):
                properties.extend(deepcopy(each) for each in looks.get(name, []))
        if own is not None:
            properties.remove(own)
        etree.SubElement(properties, f"{W}rtl", {f"{W}val": "0"})


def _as_footnote(run: Any, note: Any) -> None:
    note.tag = f"{W}footnoteReference"
    note.attrib.pop(f"{W}customMarkFollows", None)
    for text in run.findall(f"{W}t"):
        run.remove(text)


def _in_content_control(mark: Any) -> None:
    control = etree.Element(f"{W}sdt")
    etree.SubElement(etree.SubElement(control, f"{W}sdtPr"), f"{W}tag", {f"{W}val": "goog_rdk_0"})
    mark.addprevious(control)
    tail, mark.tail = mark.tail, None
    etree.SubElement(control, f"{W}sdtContent").append(mark)
    control.tail = tail

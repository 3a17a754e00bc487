"""Splitting sanitised HTML into paragraphs, headings and list items.

The HTML of a document has few tags and is well formed (``document.html.sanitise``), so that one pass over its
tags suffices.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from monographs.document.html import HEADING_LEVELS, PAGE_KEY_ATTRIBUTE
from monographs.redline.model import LINE_BREAK, Form, LineContext
from monographs.redline.tokens import Pieces

_TAG = re.compile(r"<(/?)(\w+)([^>]*)>")
_ADDRESS = re.compile(rf'(href|{PAGE_KEY_ATTRIBUTE})="([^"]*)"')
_LISTS = {"ul": "bullet", "ol": "number"}
_MARKS = {"strong", "em", "sub", "sup"}


def lines_of_html(html: str) -> list[tuple[LineContext, Pieces]]:
    """Return each non-empty block of ``html``: its context, and its text split where the form changes."""
    return list(_BlockReader(html).blocks())


@dataclass
class _BlockReader:
    html: str
    lists: list[str] = field(default_factory=list)
    heading: int = 0
    marks: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    pieces: list[tuple[str, Form]] = field(default_factory=list)

    def blocks(self) -> Iterator[tuple[LineContext, Pieces]]:
        at = 0
        for tag in _TAG.finditer(self.html):
            self._add_text(unescape(self.html[at : tag.start()]))
            at = tag.end()
            closing, name = bool(tag[1]), tag[2]
            if name in _MARKS:
                self._mark(name, closing)
            elif name == "a":
                self._link(closing, tag[3])
            elif name == "br":
                self._add_text(LINE_BREAK)
            else:
                yield from self._end_block()
                self._open_or_close(name, closing)
        self._add_text(unescape(self.html[at:]))
        yield from self._end_block()

    def _add_text(self, text: str) -> None:
        if text:
            marks = (*self.marks, "a") if self.addresses else tuple(self.marks)
            address = self.addresses[-1] if self.addresses else ""
            form = Form(tuple(sorted(set(marks))), address)
            if self.pieces and self.pieces[-1][1] == form:
                text = self.pieces.pop()[0] + text
            self.pieces.append((text, form))

    def _mark(self, name: str, closing: bool) -> None:
        if not closing:
            self.marks.append(name)
        elif name in self.marks:
            self.marks.remove(name)

    def _link(self, closing: bool, attributes: str) -> None:
        if closing:
            del self.addresses[-1:]
            return
        values = dict(_ADDRESS.findall(attributes))
        page = values.get(PAGE_KEY_ATTRIBUTE)
        self.addresses.append(
            " ".join(filter(None, [page and f"page:{page}", unescape(values.get("href", ""))]))
        )

    def _open_or_close(self, name: str, closing: bool) -> None:
        if name in _LISTS:
            if closing:
                del self.lists[-1:]
            else:
                self.lists.append(name)
        elif name in HEADING_LEVELS:
            self.heading = 0 if closing else HEADING_LEVELS[name]

    def _end_block(self) -> Iterator[tuple[LineContext, Pieces]]:
        if any(text.strip() for text, _ in self.pieces):
            yield self._context(), tuple(self.pieces)
        self.pieces = []

    def _context(self) -> LineContext:
        if self.heading:
            return LineContext("heading", self.heading)
        if self.lists:
            return LineContext(_LISTS[self.lists[-1]], len(self.lists))
        return LineContext("paragraph")

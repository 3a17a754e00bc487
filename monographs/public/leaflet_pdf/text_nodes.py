"""Convert signed text into nodes for the leaflet template, keeping a number and its unit on one line."""

from collections.abc import Iterator, Mapping
from typing import Any

from bs4 import BeautifulSoup, Tag

from monographs.document.html import BLOCK_TAGS, HEADING_LEVELS, bind_links, inline_html
from monographs.public.date_format import AMOUNT

Node = dict[str, Any]

#: Maximum characters and line breaks of a block that is kept on one page: half a page of large print.
_MAX_KEPT_CHARACTERS, _MAX_KEPT_LINES = 500, 10


class HeadingLevels:
    """Assigns heading levels in reading order, so that none is skipped (ISO 14289-1, 7.4.2)."""

    def __init__(self) -> None:
        self.last = 1

    def of(self, wanted: int) -> int:
        """Return the level for a heading of level ``wanted`` at most."""
        self.last = min(wanted, self.last + 1)
        return self.last


class TextNodes:
    """Converts a document's texts into nodes. ``links``: URLs by key of the page they lead to."""

    def __init__(self, links: Mapping[str, str], levels: HeadingLevels) -> None:
        self.links = links
        self.levels = levels

    def html(self, source: str) -> list[Node]:
        """Convert sanitised HTML into block nodes."""
        return list(self._blocks(BeautifulSoup(bind_links(source, self.links), "html.parser")))

    def inline(self, source: str) -> list[Node]:
        """Convert sanitised HTML without blocks into the nodes of one line."""
        return self._line(BeautifulSoup(bind_links(inline_html(source), self.links), "html.parser"))

    def _blocks(self, parent: Tag) -> Iterator[Node]:
        inline: list[Node] = []
        for child in parent.children:
            if isinstance(child, Tag) and child.name in BLOCK_TAGS:
                yield from _paragraph(inline)
                inline = []
                yield self._block(child)
            else:
                inline += self._inline(child)
        yield from _paragraph(inline)

    def _block(self, tag: Tag) -> Node:
        if tag.name in HEADING_LEVELS:
            level = self.levels.of(HEADING_LEVELS[tag.name])
            return {"is": "heading", "level": level, "of": self._line(tag)}
        if tag.name == "p":
            return {"is": "p", "of": self._line(tag)}
        items = [list(self._blocks(item)) for item in tag.find_all("li", recursive=False)]
        return {"is": tag.name, "of": items}

    def _line(self, tag: Tag) -> list[Node]:
        return [node for child in tag.children for node in self._inline(child)]

    def _inline(self, child: Any) -> list[Node]:
        if not isinstance(child, Tag):
            return text_nodes(str(child).replace("\n", " "))
        if child.name == "br":
            return [{"is": "br"}]
        inner = self._line(child)
        if child.name == "a":
            return [{"is": "a", "to": child.get("href", ""), "of": inner}]
        return [{"is": child.name, "of": inner}]


def is_short(*texts: str) -> bool:
    """Whether texts are short enough to be kept on one page. A block longer than a page would be cut off."""
    characters = sum(map(len, texts))
    lines = sum(text.count("\n") + text.count("<li>") + text.count("<p>") for text in texts)
    return characters <= _MAX_KEPT_CHARACTERS and lines <= _MAX_KEPT_LINES


def text_nodes(text: str) -> list[Node]:
    """Convert plain text into nodes. Amounts stay on one line; line breaks are kept."""
    return [node for at, line in enumerate(text.split("\n")) for node in _line_nodes(line, first=at == 0)]


def _line_nodes(line: str, *, first: bool) -> Iterator[Node]:
    if not first:
        yield {"is": "br"}
    at = 0
    for match in AMOUNT.finditer(line):
        if match[0].startswith("<"):
            continue
        if match.start() > at:
            yield {"is": "text", "of": line[at : match.start()]}
        yield {"is": "amount", "of": match[0]}
        at = match.end()
    if line[at:]:
        yield {"is": "text", "of": line[at:]}


def _paragraph(inline: list[Node]) -> Iterator[Node]:
    if any(node["is"] != "text" or node["of"].strip() for node in inline):
        yield {"is": "p", "of": inline}

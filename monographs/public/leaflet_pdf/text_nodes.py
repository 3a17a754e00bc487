"""Signed words as nodes for the leaflet: every word as it was signed, a number and its unit never apart."""

from collections.abc import Iterator, Mapping
from typing import Any

from bs4 import BeautifulSoup, Tag

from monographs.document.html import BLOCK_TAGS, HEADING_LEVELS, bind_links
from monographs.public.date_format import AMOUNT

Node = dict[str, Any]


class HeadingLevels:
    """Levels of headings as a reader meets them: none is skipped on the way down (ISO 14289-1, 7.4.2)."""

    def __init__(self) -> None:
        self.last = 1

    def of(self, wanted: int) -> int:
        """The level for a heading that would be of level ``wanted``."""
        self.last = min(wanted, self.last + 1)
        return self.last


class TextNodes:
    """Turns a document's words into nodes. ``links``: addresses by key of the page they lead to."""

    def __init__(self, links: Mapping[str, str], levels: HeadingLevels) -> None:
        self.links = links
        self.levels = levels

    def html(self, source: str) -> list[Node]:
        """Blocks of sanitised HTML."""
        return list(self._blocks(BeautifulSoup(bind_links(source, self.links), "html.parser")))

    def _blocks(self, parent: Tag) -> Iterator[Node]:
        loose: list[Node] = []
        for child in parent.children:
            if isinstance(child, Tag) and child.name in BLOCK_TAGS:
                yield from _paragraph(loose)
                loose = []
                yield self._block(child)
            else:
                loose += self._inline(child)
        yield from _paragraph(loose)

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
            return words(str(child).replace("\n", " "))
        if child.name == "br":
            return [{"is": "br"}]
        inner = self._line(child)
        if child.name == "a":
            return [{"is": "a", "to": child.get("href", ""), "of": inner}]
        return [{"is": child.name, "of": inner}]


def words(text: str) -> list[Node]:
    """Plain words; amounts stay on one line, the writer's own line breaks are kept."""
    return [node for at, line in enumerate(text.split("\n")) for node in _of_line(line, first=at == 0)]


def _of_line(line: str, *, first: bool) -> Iterator[Node]:
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


def _paragraph(loose: list[Node]) -> Iterator[Node]:
    if any(node["is"] != "text" or node["of"].strip() for node in loose):
        yield {"is": "p", "of": loose}

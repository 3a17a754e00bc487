"""The elements of clipboard HTML, with the end tags that writers of HTML may leave out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
#: Elements whose text is not a text.
UNREAD = frozenset({"script", "style", "template", "title", "noscript", "head", "meta", "link", "xml"})
#: Elements inside each other; what is deeper is read as if it were at this level.
MAX_DEPTH = 150

_TABLE_PARTS = frozenset({"table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption"})
#: A start tag ends an open element of these names, unless one of the second group is between them.
_ENDED_BY: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset({"li"}), frozenset({"ul", "ol", "table"})),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl", "table"})),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl", "table"})),
    "tr": (frozenset({"tr", "td", "th", "caption"}), frozenset({"table"})),
    "td": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "th": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "tbody": (frozenset({"tr", "td", "th", "thead", "tbody", "caption"}), frozenset({"table"})),
    "tfoot": (frozenset({"tr", "td", "th", "thead", "tbody"}), frozenset({"table"})),
    "option": (frozenset({"option"}), frozenset({"select"})),
}
_BLOCKS = frozenset(
    "address article aside blockquote center div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr main nav "
    "ol p pre section table ul".split()
)
_START = re.compile(r"<!--\s*StartFragment\s*-->", re.IGNORECASE)
_END = re.compile(r"<!--\s*EndFragment\s*-->", re.IGNORECASE)
_STYLE = re.compile(r"<style\b[^>]*>(.*?)(?:</style\s*>|\Z)", re.IGNORECASE | re.DOTALL)
#: What the clipboard of Windows puts before the HTML.
_CF_HTML = re.compile(r"\AVersion:\d.*?(?=<)", re.DOTALL)
_CONDITIONAL = re.compile(r"<!\[(?:if\b[^>]*|endif)\]>", re.IGNORECASE)


@dataclass(slots=True, eq=False)
class Element:
    """An element. ``children`` are elements and texts in order."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: "list[Element | str]" = field(default_factory=list)
    parent: "Element | None" = None

    @property
    def classes(self) -> list[str]:
        """The names of its classes."""
        return self.attrs.get("class", "").split()

    def walk(self) -> "Iterator[Element]":
        """Yield the elements inside it, in order."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.walk()

    def text(self) -> str:
        """The text inside it, with one space for every run of white space."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag not in UNREAD:
                edge = " " if child.tag in _BLOCKS | _TABLE_PARTS | {"li", "br"} else ""
                yield edge
                yield from child._texts()
                yield edge


@dataclass(frozen=True, slots=True)
class ClipboardTree:
    """The parsed HTML. ``comments`` are the texts of HTML comments, in which Word hides drawings."""

    root: Element
    styles: str
    comments: tuple[str, ...]


class _TreeBuilder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("body")
        self.open = [self.root]
        self.comments: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._end_implied(tag)
        element = Element(tag, {name: value or "" for name, value in attrs}, parent=self.open[-1])
        self.open[-1].children.append(element)
        if tag not in VOID and len(self.open) < MAX_DEPTH:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # HTML ignores the slash, but Word ends its own elements with it (<o:p/>)
        self.handle_starttag(tag, attrs)
        if ":" in tag:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        for n in range(len(self.open) - 1, 0, -1):
            if self.open[n].tag == tag:
                del self.open[n:]
                return
            if self.open[n].tag in {"td", "th", "table"} and tag not in _TABLE_PARTS:
                return  # a stray end tag inside a cell does not end the cell

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def _end_implied(self, tag: str) -> None:
        if tag in _BLOCKS and self.open[-1].tag == "p":
            self.open.pop()
        ended, kept_by = _ENDED_BY.get(tag, (frozenset(), frozenset()))
        for n in range(len(self.open) - 1, 0, -1):
            if self.open[n].tag in kept_by:
                return
            if self.open[n].tag in ended:
                # A row ends its cells too, so the outermost of them
                while n > 1 and self.open[n - 1].tag in ended:
                    n -= 1
                del self.open[n:]
                return


def parse_clipboard(source: str) -> ClipboardTree:
    """Parse clipboard HTML: the fragment that was copied, and the styles around it. Never raises."""
    source = _CONDITIONAL.sub("", _CF_HTML.sub("", source))
    styles = "\n".join(match[1] for match in _STYLE.finditer(source))
    start, ends = _START.search(source), list(_END.finditer(source))
    before = source[: start.start()] if start else ""
    fragment = source[start.end() if start else 0 : ends[-1].start() if ends else len(source)]
    builder = _TreeBuilder()
    # The tags around a fragment carry its styles, and make a table of bare rows
    for part in (_open_tags(before), fragment):
        builder.feed(part)
    builder.close()
    return ClipboardTree(builder.root, styles, tuple(builder.comments))


def _open_tags(before: str) -> str:
    """Return the tags that are still open where a fragment starts."""
    builder = _TreeBuilder()
    builder.feed(before)
    kept = [element for element in builder.open[1:] if element.tag not in {"html", "head", *UNREAD}]
    return "".join(f"<{element.tag}{_attributes(element)}>" for element in kept)


def _attributes(element: Element) -> str:
    return "".join(f' {name}="{value.replace(chr(34), "&quot;")}"' for name, value in element.attrs.items())

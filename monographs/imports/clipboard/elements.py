"""The elements of clipboard HTML, with the end tags that writers of HTML may leave out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from monographs.imports.clipboard.html_tokens import TokenKind, tokens_of

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
    "address article aside blockquote center div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header "
    "hr main nav ol p pre section table ul".split()
)
_START = re.compile(r"<!--\s*StartFragment\s*-->", re.IGNORECASE)
#: What the clipboard of Windows puts before the HTML.
_CF_HTML = re.compile(r"\AVersion:\d.*?(?=<)", re.DOTALL)


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


class _TreeBuilder:
    def __init__(self) -> None:
        self.root = Element("body")
        self.open = [self.root]

    def start(self, tag: str, attrs: dict[str, str], *, ended: bool) -> None:
        """Add an element. Only Word's own elements can end with a slash (``<o:p/>``)."""
        self._end_implied(tag)
        element = Element(tag, attrs, parent=self.open[-1])
        self.open[-1].children.append(element)
        if tag not in VOID and len(self.open) < MAX_DEPTH and not (ended and ":" in tag):
            self.open.append(element)

    def end(self, tag: str) -> None:
        """End the innermost open element of this name, and those in it."""
        for n in range(len(self.open) - 1, 0, -1):
            if self.open[n].tag == tag:
                del self.open[n:]
                return
            if self.open[n].tag in {"td", "th", "table"} and tag not in _TABLE_PARTS:
                return  # a stray end tag inside a cell does not end the cell

    def text(self, words: str) -> None:
        """Add a text."""
        self.open[-1].children.append(unescape(words))

    def _end_implied(self, tag: str) -> None:
        if tag in _BLOCKS and self.open[-1].tag == "p":
            self.open.pop()
        ended, kept_by = _ENDED_BY.get(tag, (frozenset(), frozenset()))
        for n in range(len(self.open) - 1, 0, -1):
            if self.open[n].tag in kept_by:
                return
            if self.open[n].tag in ended:
                # A row ends its cells too, so the outermost of them
                first = n
                while first > 1 and self.open[first - 1].tag in ended:
                    first -= 1
                del self.open[first:]
                return


def parse_clipboard(source: str) -> ClipboardTree:
    """Parse clipboard HTML: the fragment that was copied, and the styles around it. Never raises."""
    source = _CF_HTML.sub("", source)
    start, end = _START.search(source), source.lower().rfind("<!--endfragment")
    begin = start.end() if start else 0
    before, after = source[:begin], source[end:] if end >= begin else ""
    fragment = source[begin : end if end >= begin else len(source)]
    styles: list[str] = []
    comments: list[str] = []
    around = _TreeBuilder()
    _build(around, before, styles, comments)
    builder = _TreeBuilder()
    # The tags around a fragment carry its styles, and make a table of bare rows
    for element in around.open[1:]:
        if element.tag not in {"html", "head", *UNREAD}:
            builder.start(element.tag, element.attrs, ended=False)
    _build(builder, fragment, styles, comments)
    _build(_TreeBuilder(), after, styles, comments)
    return ClipboardTree(builder.root, "\n".join(styles), tuple(comments))


def _build(builder: _TreeBuilder, source: str, styles: list[str], comments: list[str]) -> None:
    for token in tokens_of(source):
        if token.kind is TokenKind.TEXT:
            builder.text(token.source)
        elif token.kind is TokenKind.COMMENT:
            comments.append(token.source)
        elif token.kind is TokenKind.RAW:
            if token.tag == "style":
                styles.append(token.source)
        elif token.kind is TokenKind.END:
            builder.end(token.tag)
        else:
            builder.start(token.tag, token.attributes(), ended=token.source.endswith("/>"))

"""The narrative text of SPL (paragraphs, lists, tables, footnotes) as blocks of a label.

The elements are those of the HL7 narrative block: ``paragraph``, ``list``/``item``, ``table``, ``content``
(styles; ``xmChange`` marks what changed and means nothing here), ``sub``, ``sup``, ``br``, ``linkHtml``,
``footnote``/``footnoteRef`` and ``renderMultiMedia``. Unknown elements lose their tags, never their text.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape

from monographs.labels.label import Block, LabelCell, LabelFigure, LabelTable, LabelText
from monographs.labels.xml_source import Element, attribute, local_name, text_of

_MARKS = {"sub": "sub", "sup": "sup"}
_STYLES = {"bold": "strong", "italics": "em", "italic": "em"}
_ROW_GROUPS = ("thead", "tbody", "tfoot")
_LETTERS = ("LittleAlpha", "BigAlpha", "LittleRoman", "BigRoman", "Arabic")
#: Around the number of a footnote, in ``<sup>``: what readers see, and what comparisons leave out.
MARK = ("<sup>[", "]</sup>")


def blocks_of(text: Element, figures: Mapping[str, LabelFigure]) -> tuple[Block, ...]:
    """Return the blocks of a ``text`` element. ``figures`` are those of the section by their identifier."""
    return tuple(_Reader(figures).read(text))


@dataclass
class _Reader:
    figures: Mapping[str, LabelFigure]
    blocks: list[Block] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    footnotes: list[str] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)

    def read(self, text: Element) -> list[Block]:
        self._flow(text)
        self._end_html()
        if notes := self._taken_footnotes():
            self.blocks.append(LabelText("".join(f"<p>{note}</p>" for note in notes)))
        return self.blocks

    def _flow(self, element: Element) -> None:
        """Read the content of an element that may hold blocks and words."""
        self.words.append(escape(element.text or "", quote=False))
        for each in element:
            match local_name(each):
                case "paragraph":
                    self._end_words()
                    self._flow(each)
                    self._end_words()
                case "list":
                    self._end_words()
                    self.html.append(self._list(each))
                case "table":
                    self._end_html()
                    self.blocks.append(self._table(each))
                case "renderMultiMedia":
                    self._figure(each)
                case "content" | "linkHtml" if _has_blocks(each):
                    self._flow(each)
                case _:
                    self.words.append(self._inline(each))
            self.words.append(escape(each.tail or "", quote=False))
        self._end_words()

    def _end_words(self) -> None:
        words = _trimmed("".join(self.words))
        self.words = []
        if words:
            self.html.append(f"<p>{words}</p>")

    def _end_html(self) -> None:
        self._end_words()
        if self.html:
            self.blocks.append(LabelText("".join(self.html)))
            self.html = []

    def _figure(self, element: Element) -> None:
        self._end_html()
        name = attribute(element, "referencedObject")
        self.blocks.append(self.figures.get(name, LabelFigure("", name)))
        if words := text_of(element):
            self.html.append(f"<p>{escape(words, quote=False)}</p>")

    def _inline(self, element: Element) -> str:
        """Return an element as inline HTML; what would be a block ends with a line break."""
        name = local_name(element)
        if name == "br":
            return "<br>"
        if name in ("footnote", "footnoteRef"):
            return self._footnote_mark(element)
        if name == "renderMultiMedia":
            figure = self.figures.get(attribute(element, "referencedObject"))
            return escape(f"[{figure.name}]", quote=False) if figure and figure.name else ""
        inside = self._inside(element)
        if name in ("paragraph", "item", "caption", "td", "th", "tr", "list", "table"):
            return f"<br>{inside}<br>" if inside.strip() else ""
        for tag in _tags(element, name):
            inside = f"<{tag}>{inside}</{tag}>" if inside.strip() else inside
        return inside

    def _inside(self, element: Element) -> str:
        parts = [escape(element.text or "", quote=False)]
        for each in element:
            parts += [self._inline(each), escape(each.tail or "", quote=False)]
        return "".join(parts)

    def _footnote_mark(self, element: Element) -> str:
        if local_name(element) == "footnoteRef":
            number = self.numbers.get(attribute(element, "IDREF"), 0)
            return f"{MARK[0]}{number}{MARK[1]}" if number else ""
        number = len(self.numbers) + 1
        self.numbers[attribute(element, "ID") or f"#{number}"] = number
        self.footnotes.append(f"{MARK[0]}{number}{MARK[1]} {_trimmed(self._inside(element))}")
        return f"{MARK[0]}{number}{MARK[1]}"

    def _taken_footnotes(self) -> tuple[str, ...]:
        notes, self.footnotes = tuple(self.footnotes), []
        return notes

    def _list(self, element: Element) -> str:
        ordered = attribute(element, "listType") == "ordered" or attribute(element, "styleCode") in _LETTERS
        tag = "ol" if ordered else "ul"
        items = "".join(self._item(each) for each in element if local_name(each) == "item")
        captions = "".join(
            f"<p>{words}</p>"
            for each in element
            if local_name(each) != "item"
            for words in [_trimmed(self._inline(each))]
            if words
        )
        return captions + (f"<{tag}>{items}</{tag}>" if items else "")

    def _item(self, element: Element) -> str:
        """Return one list item. Lists in it stay lists; its tables and paragraphs become lines."""
        lists: list[str] = []
        words = [escape(element.text or "", quote=False)]
        for each in element:
            if local_name(each) == "list":
                lists.append(self._list(each))
            elif local_name(each) == "caption":
                words.append(self._inside(each) + " ")  # the typed bullet of an item
            else:
                words.append(self._inline(each))
            words.append(escape(each.tail or "", quote=False))
        text = _trimmed("".join(words))
        return f"<li>{text}{''.join(lists)}</li>" if text or lists else ""

    def _table(self, element: Element) -> LabelTable:
        outer, self.footnotes = self.footnotes, []
        caption = " ".join(_trimmed(self._inside(each)) for each in element if local_name(each) == "caption")
        header: list[tuple[LabelCell, ...]] = []
        rows: list[tuple[LabelCell, ...]] = []
        foot: list[tuple[LabelCell, ...]] = []
        for group, row in _rows(element):
            cells = tuple(self._cell(each) for each in row if local_name(each) in ("td", "th"))
            {"thead": header, "tfoot": foot}.get(group, rows).append(cells)
        table = LabelTable((*rows, *foot), tuple(header), caption, self._taken_footnotes())
        self.footnotes = outer
        return table

    def _cell(self, element: Element) -> LabelCell:
        return LabelCell(
            _trimmed(self._inside(element)),
            _span(attribute(element, "colspan")),
            _span(attribute(element, "rowspan")),
            local_name(element) == "th",
        )


def _rows(table: Element) -> Iterator[tuple[str, Element]]:
    for each in table:
        name = local_name(each)
        if name == "tr":
            yield "tbody", each
        elif name in _ROW_GROUPS:
            yield from ((name, row) for row in each if local_name(row) == "tr")


def _span(value: str) -> int:
    return max(int(value), 1) if value.isascii() and value.isdigit() and len(value) <= 4 else 1  # noqa: PLR2004


def _tags(element: Element, name: str) -> Iterator[str]:
    if name in _MARKS:
        yield _MARKS[name]
    elif name == "content":
        styles = {_STYLES.get(style) for style in attribute(element, "styleCode").lower().split()}
        yield from sorted(style for style in styles if style)


def _has_blocks(element: Element) -> bool:
    return any(local_name(each) in ("paragraph", "list", "table") for each in element.iter())


def _trimmed(html: str) -> str:
    """Inline HTML without line breaks and white space at its ends, and without double line breaks."""
    parts = [part.strip() for part in html.split("<br>")]
    return "<br>".join(part for part in parts if part)

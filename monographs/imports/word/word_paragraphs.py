"""Split the HTML that mammoth makes of a Word file into paragraphs."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, Tag

from monographs.imports.boilerplate import is_short
from monographs.imports.headings import recognise
from monographs.imports.list_levels import DEEPEST
from monographs.imports.paragraphs import SourceParagraph
from monographs.imports.parsed_text import ListItem, ParsedList, ParsedParagraph, Subheading
from monographs.imports.word.inline_text import InlineText
from monographs.imports.word.table_grid import grid_of

_HEADINGS = {f"h{level}": level for level in range(1, 7)}


@dataclass(slots=True)
class WordParagraphs:
    """The paragraphs of a file in reading order, its footnotes by name, and what is reported to the user.

    ``name`` is the medicine's name according to the file's name, for headings such as “How testumab works”.
    """

    name: str
    units: list[SourceParagraph] = field(default_factory=list)
    footnotes: dict[str, str] = field(default_factory=dict)
    contents: list[str] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _in_typed_list: bool = False

    @classmethod
    def of(cls, html: str, name: str) -> "WordParagraphs":
        """Parse the HTML of mammoth."""
        paragraphs = cls(name)
        soup = BeautifulSoup(html, "html.parser")
        for li in soup.select('ol > li[id^="footnote-"], ol > li[id^="endnote-"]'):
            paragraphs.footnotes[str(li["id"])] = paragraphs._inline(li).plain
            li.decompose()
        paragraphs.units = list(paragraphs._blocks(soup))
        return paragraphs

    def _blocks(self, parent: Tag) -> Iterator[SourceParagraph]:
        for child in parent.children:
            if not isinstance(child, Tag):
                continue
            if child.name != "p":
                self._in_typed_list = False
            if child.name in _HEADINGS:
                yield from self._heading(child)
            elif child.name in {"ul", "ol"}:
                yield from self._list(child)
            elif child.name == "table":
                yield from self._table(child)
            elif child.name == "p" and "contents" in child.get_attribute_list("class"):
                self.contents.append(self._inline(child).plain)
            else:
                yield from self._paragraph(self._inline(child))

    def _inline(self, tag: Tag) -> InlineText:
        inline = InlineText.of(tag)
        self.struck += inline.struck
        self.pictures += inline.pictures
        return inline

    def _heading(self, tag: Tag) -> Iterator[SourceParagraph]:
        inline = self._inline(tag)
        if inline.plain:
            line = f"{'#' * _HEADINGS[tag.name]} {inline.plain}"
            yield SourceParagraph(line, Subheading(inline.html(bold=False), inline.cites))

    def _paragraph(self, inline: InlineText) -> Iterator[SourceParagraph]:
        lines = [line for line in inline.lines() if line.plain]
        if len(lines) > 1 and any(self._is_heading(line.plain) for line in lines):
            for line in lines:
                yield from self._paragraph(line)
            return
        bare = inline.without_bullet()
        if bare is not None:
            items = [ListItem(bare.html())]
            yield SourceParagraph(
                f"• {bare.plain}", ParsedList(items, cites=inline.cites), joins=self._in_typed_list
            )
        elif inline.plain and inline.is_bold and is_short(inline.plain.rstrip(":?")):
            yield SourceParagraph(f"**{inline.plain}**", Subheading(inline.html(bold=False), inline.cites))
        elif inline.plain:
            yield SourceParagraph(inline.plain, ParsedParagraph(inline.html(), inline.cites))
        if inline.plain:
            self._in_typed_list = bare is not None

    def _is_heading(self, line: str) -> bool:
        return recognise(line, self.name) is not None

    def _list(self, tag: Tag) -> Iterator[SourceParagraph]:
        """Yield a unit for each item. A numbered list with a single item may be a heading."""
        units = list(self._items(tag, depth=0))
        alone = len(units) == 1 and tag.name == "ol"
        for n, (inline, item) in enumerate(units):
            if alone and self._is_heading(inline.plain):
                yield SourceParagraph(f"1. {inline.plain}", Subheading(inline.html(bold=False), inline.cites))
            else:
                yield SourceParagraph(
                    f"• {inline.plain}", ParsedList([item], cites=inline.cites), joins=n > 0
                )

    def _items(self, tag: Tag, depth: int) -> Iterator[tuple[InlineText, ListItem]]:
        for li in tag.find_all("li", recursive=False):
            inline = self._inline(li)
            if inline.plain:
                yield inline, ListItem(inline.html(), ordered=tag.name == "ol", depth=min(depth, DEEPEST))
            for within in li.find_all(["ul", "ol"], recursive=False):
                yield from self._items(within, depth + 1)

    def _table(self, tag: Tag) -> Iterator[SourceParagraph]:
        grid = grid_of(tag, lambda cell: list(self._blocks(cell)))
        if grid.is_frame(lambda unit: self._is_heading(unit.line)):
            if grid.width > 1:
                self.notes.append("a table with headings was read cell by cell; check the order")
            yield from (unit for cell in grid.cells for unit in cell)
            return
        rows = grid.as_rows()
        if rows:
            spans = "; merged cells are repeated in each row" if grid.spans else ""
            self.notes.append(
                f"a table of {len(rows)} rows became a list with an item per row{spans}; check it"
            )
        yield from rows

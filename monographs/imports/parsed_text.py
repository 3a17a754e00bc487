"""Data classes for a parsed text."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from monographs.document import REQUIRED_SECTIONS, SectionType
from monographs.imports.remarks import Remark

#: Between the cells of a table's row: two cells "1" and "0 mg" must not become "10 mg".
CELL_BREAK = " | "


class Markup(StrEnum):
    """How the texts of blocks are written."""

    PLAIN = "plain"
    MARKDOWN = "markdown"
    HTML = "html"  # only the tags a leaflet needs, everything else escaped


@dataclass(slots=True)
class ParsedParagraph:
    """A paragraph on one line. ``cites`` names the footnotes it cites, here and below."""

    text: str
    cites: list[str] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    kind: Literal["paragraph"] = "paragraph"


@dataclass(slots=True)
class Subheading:
    """A heading inside a section that is not a section heading; ``level`` as in HTML."""

    text: str
    cites: list[str] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    kind: Literal["subheading"] = "subheading"
    level: Literal[3, 4] = 3


@dataclass(slots=True)
class ListItem:
    """One bullet or numbered item; ``depth`` is 0 for the outermost list."""

    text: str
    ordered: bool = False
    depth: int = 0


@dataclass(slots=True)
class ParsedList:
    """A list, its items in reading order; or a table (``rows``), with an item for each row."""

    items: list[ListItem]
    rows: bool = False
    cites: list[str] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    kind: Literal["listing"] = "listing"

    @property
    def is_plain(self) -> bool:
        """Whether it is a single level of bullets, like a list of side effects."""
        return not self.rows and not any(item.ordered or item.depth for item in self.items)


@dataclass(slots=True)
class ParsedTable:
    """A table of the source: rows of cells, all rows equally long; a cell is a text like any other block.

    ``header_row`` says whether the first row names the columns, ``row_headers`` whether the first column
    names the rows. A cell that was merged over several is repeated in each of them.
    """

    rows: list[list[str]]
    caption: str = ""
    header_row: bool = True
    row_headers: bool = False
    cites: list[str] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    kind: Literal["table"] = "table"


Block = Annotated[ParsedParagraph | Subheading | ParsedList | ParsedTable, Field(discriminator="kind")]


@dataclass(slots=True)
class EffectOffer:
    """A side effect as the editor stores it: name, and where the text says them, the other fields."""

    name: str
    explanation: str = ""
    frequency: str = ""
    urgency: str = ""
    what_to_do: str = ""


@dataclass(slots=True)
class SourceOffer:
    """A source as the editor stores it; ``number`` is the one by which the text cites it, 0 for none."""

    title: str
    publisher: str = ""
    address: str = ""
    number: int = 0


@dataclass(slots=True)
class ParsedMonograph:
    """The text of a file about one medicine, and the parts that are not imported.

    ``left_out`` is boilerplate; ``unplaced`` is text before the first heading or after the boilerplate at the
    end, which belongs to no section; ``notes`` are messages to the user who imports; ``remarks`` those about
    words that belong to no block; ``footnotes`` are their texts, by the names that blocks cite;
    ``recognised`` are the lines, as written, of which headings, name, class and brands were made. Effects and
    ``sources`` are those that the writer accepted, ``source_of_all`` one that was named for every section.
    """

    name: str
    brands: list[str] = field(default_factory=list)
    named_by_file: bool = False
    class_line: str = ""
    administration: list[str] = field(default_factory=list)
    sections: dict[SectionType, list[Block]] = field(default_factory=dict)
    serious: list[Block] = field(default_factory=list)
    markup: Markup = Markup.PLAIN
    #: The text of the file where it reads differently as Markdown and as plain text, for ``parser.parse_as``.
    source_text: str = ""
    footnotes: dict[str, str] = field(default_factory=dict)
    recognised: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    common_effects: list[EffectOffer] = field(default_factory=list)
    serious_effects: list[EffectOffer] = field(default_factory=list)
    sources: list[SourceOffer] = field(default_factory=list)
    source_of_all: SourceOffer | None = None

    @property
    def missing(self) -> list[SectionType]:
        """Required sections that the text does not have."""
        return [s for s in REQUIRED_SECTIONS if not self.has(s)]

    def has(self, section: SectionType) -> bool:
        """Whether the text has anything in ``section``."""
        if section == SectionType.COMMON_SIDE_EFFECTS and (
            self.serious or self.common_effects or self.serious_effects
        ):
            return True
        return bool(self.sections.get(section))

    def blocks(self, section: SectionType) -> list[Block]:
        """Return all blocks of ``section``, serious side effects with the common ones."""
        serious = self.serious if section == SectionType.COMMON_SIDE_EFFECTS else []
        return [*self.sections.get(section, []), *serious]

    def word_count(self) -> int:
        """Return the number of words in the sections, headings not counted."""
        blocks = [b for group in self.sections.values() for b in group] + self.serious
        return sum(len(text.split()) for block in blocks for text in texts_of(block))


def texts_of(block: Block) -> list[str]:
    """Return the texts of a block in reading order."""
    if isinstance(block, ParsedList):
        return [item.text for item in block.items]
    if isinstance(block, ParsedTable):
        return [text for text in (block.caption, *(cell for row in block.rows for cell in row)) if text]
    return [block.text]


def all_remarks(parsed: ParsedMonograph) -> list[Remark]:
    """Return every remark on a text: those about no block, then those of its blocks in reading order."""
    blocks = [block for section in SectionType for block in parsed.sections.get(section, ())]
    return [*parsed.remarks, *(remark for block in [*blocks, *parsed.serious] for remark in block.remarks)]

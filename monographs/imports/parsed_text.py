"""A text once it is understood: plain data between parsing and drafting."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from monographs.document import REQUIRED_SECTIONS, SectionType

#: Between the cells of a table's row: two cells "1" and "0 mg" must not read "10 mg".
CELL_BREAK = " | "


class Markup(StrEnum):
    """How the texts of blocks are written."""

    PLAIN = "plain"
    MARKDOWN = "markdown"
    HTML = "html"  # only what a leaflet needs, everything else escaped


@dataclass(slots=True)
class ParsedParagraph:
    """Words that belong together, on one line. ``cites`` names footnotes, here and below."""

    text: str
    cites: list[str] = field(default_factory=list)
    kind: Literal["paragraph"] = "paragraph"


@dataclass(slots=True)
class Subheading:
    """A heading inside a section that is not one of ours."""

    text: str
    cites: list[str] = field(default_factory=list)
    kind: Literal["subheading"] = "subheading"


@dataclass(slots=True)
class ListItem:
    """One bullet or numbered item; ``depth`` is 0 for the outermost list."""

    text: str
    ordered: bool = False
    depth: int = 0


@dataclass(slots=True)
class ParsedList:
    """A list, its items in reading order; or a table, an item for each of its rows."""

    items: list[ListItem]
    rows: bool = False
    cites: list[str] = field(default_factory=list)
    kind: Literal["listing"] = "listing"

    @property
    def is_plain(self) -> bool:
        """Whether it is one level of bullets, as a list of side effects is."""
        return not self.rows and not any(item.ordered or item.depth for item in self.items)


Block = Annotated[ParsedParagraph | Subheading | ParsedList, Field(discriminator="kind")]


@dataclass(slots=True)
class ParsedMonograph:
    """What a file says about one medicine, and what in it belongs to no page.

    ``left_out`` is page furniture; ``unplaced`` is text for which there is no place before the first
    heading or after the furniture at the end; ``notes`` is what whoever imports should know;
    ``footnotes`` are the words of each, by the name under which blocks cite it.
    """

    name: str
    brands: list[str] = field(default_factory=list)
    named_by_file: bool = False
    class_line: str = ""
    administration: list[str] = field(default_factory=list)
    sections: dict[SectionType, list[Block]] = field(default_factory=dict)
    serious: list[Block] = field(default_factory=list)
    markup: Markup = Markup.PLAIN
    footnotes: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def missing(self) -> list[SectionType]:
        """Required sections of which the text has no word."""
        return [s for s in REQUIRED_SECTIONS if not self.has(s)]

    def has(self, section: SectionType) -> bool:
        """Whether the text has a word for ``section``."""
        if section == SectionType.COMMON_SIDE_EFFECTS and self.serious:
            return True
        return bool(self.sections.get(section))

    def blocks(self, section: SectionType) -> list[Block]:
        """Everything the text says in ``section``, the serious side effects with the common ones."""
        serious = self.serious if section == SectionType.COMMON_SIDE_EFFECTS else []
        return [*self.sections.get(section, []), *serious]

    def word_count(self) -> int:
        """Number of words in the sections, headings not counted."""
        blocks = [b for group in self.sections.values() for b in group] + self.serious
        return sum(len(text.split()) for block in blocks for text in texts_of(block))


def texts_of(block: Block) -> list[str]:
    """The texts of a block in reading order."""
    if isinstance(block, ParsedList):
        return [item.text for item in block.items]
    return [block.text]

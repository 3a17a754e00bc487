"""Paragraphs of a file that knows its own, each with the line by which headings are found."""

from dataclasses import dataclass

from monographs.document import SectionType
from monographs.imports.boilerplate import is_short
from monographs.imports.parsed_text import Block, Markup, ParsedList, ParsedParagraph, Subheading
from monographs.imports.rich_text import inline_plain


@dataclass(frozen=True, slots=True)
class SourceParagraph:
    """A paragraph, a heading, or one item of a list.

    ``line`` is how it would stand in a text file; ``joins`` says that it goes on with the list above it.
    """

    line: str
    block: Block
    joins: bool = False


def joined(units: list[SourceParagraph], section: SectionType) -> list[Block]:
    """The blocks of ``units``, lists put together again."""
    blocks: list[Block] = []
    for unit in units:
        block, last = unit.block, blocks[-1] if blocks else None
        if unit.joins and isinstance(block, ParsedList) and isinstance(last, ParsedList):
            last.items += block.items
            last.cites += block.cites
        else:
            blocks.append(_own(block, section))
    return blocks


def _own(block: Block, section: SectionType) -> Block:
    """A block that may grow without changing the unit it came from."""
    if isinstance(block, ParsedList):
        return ParsedList(list(block.items), block.rows, list(block.cites))
    return _question(block) if section == SectionType.COMMON_QUESTIONS else block


def _question(block: Block) -> Block:
    """Among the common questions, a short paragraph that asks is the heading of its answer."""
    if not isinstance(block, ParsedParagraph):
        return block
    words = inline_plain(block.text, markup=Markup.HTML)
    asks = words.endswith("?") and is_short(words.rstrip("?"))
    return Subheading(block.text, block.cites) if asks else block

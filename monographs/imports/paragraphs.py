"""Paragraphs of files with paragraph structure (Word), each as a line in which headings are recognised."""

from dataclasses import dataclass

from monographs.document import SectionType
from monographs.imports.boilerplate import is_short
from monographs.imports.parsed_text import Block, Markup, ParsedList, ParsedParagraph, Subheading
from monographs.imports.rich_text import inline_plain


@dataclass(frozen=True, slots=True)
class SourceParagraph:
    """A paragraph, a heading, or one item of a list.

    ``line`` is its form in a text file; ``joins`` says whether it continues the list above.
    """

    line: str
    block: Block
    joins: bool = False


def join_paragraphs(units: list[SourceParagraph], section: SectionType) -> list[Block]:
    """Return the blocks of ``units``, with the items of each list joined."""
    blocks: list[Block] = []
    for unit in units:
        block, last = unit.block, blocks[-1] if blocks else None
        if unit.joins and isinstance(block, ParsedList) and isinstance(last, ParsedList):
            last.items += block.items
            last.cites += block.cites
        else:
            blocks.append(_copy(block, section))
    return blocks


def _copy(block: Block, section: SectionType) -> Block:
    """Return a block that can be extended without changing its unit."""
    if isinstance(block, ParsedList):
        return ParsedList(list(block.items), block.rows, list(block.cites))
    return _as_question(block) if section == SectionType.COMMON_QUESTIONS else block


def _as_question(block: Block) -> Block:
    """In common questions, turn a short paragraph that is a question into a subheading."""
    if not isinstance(block, ParsedParagraph):
        return block
    words = inline_plain(block.text, markup=Markup.HTML)
    asks = words.endswith("?") and is_short(words.rstrip("?"))
    return Subheading(block.text, block.cites) if asks else block

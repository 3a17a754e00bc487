"""Paragraphs of files with paragraph structure (Word), each as a line in which headings are recognised."""

from dataclasses import dataclass, replace

from monographs.document import SectionType
from monographs.imports.boilerplate import is_short
from monographs.imports.parsed_text import Block, Markup, ParsedList, ParsedParagraph, ParsedTable, Subheading
from monographs.imports.rich_text import inline_plain


@dataclass(frozen=True, slots=True)
class SourceParagraph:
    """A paragraph, a heading, one item of a list, or one row of a table.

    ``line`` is its form in a text file; ``joins`` says whether it continues the list or table above.
    """

    line: str
    block: Block
    joins: bool = False


def join_paragraphs(units: list[SourceParagraph], section: SectionType) -> list[Block]:
    """Return the blocks of ``units``, with the items of each list and the rows of each table joined."""
    blocks: list[Block] = []
    for unit in units:
        block, last = unit.block, blocks[-1] if blocks else None
        if unit.joins and isinstance(block, ParsedList) and isinstance(last, ParsedList):
            last.items += block.items
        elif unit.joins and isinstance(block, ParsedTable) and isinstance(last, ParsedTable):
            last.rows += block.rows
        else:
            blocks.append(_copy(block, section))
            continue
        last.cites += block.cites
        last.remarks += block.remarks
    return blocks


def _copy(block: Block, section: SectionType) -> Block:
    """Return a block that can be extended without changing its unit."""
    own = replace(block, cites=list(block.cites), remarks=list(block.remarks))
    if isinstance(own, ParsedList):
        own.items = list(own.items)
    elif isinstance(own, ParsedTable):
        own.rows = list(own.rows)
    return _as_question(own) if section == SectionType.COMMON_QUESTIONS else own


def _as_question(block: Block) -> Block:
    """In common questions, turn a short paragraph that is a question into a subheading."""
    if not isinstance(block, ParsedParagraph):
        return block
    words = inline_plain(block.text, markup=Markup.HTML)
    asks = words.endswith("?") and is_short(words.rstrip("?"))
    return Subheading(block.text, block.cites, block.remarks) if asks else block

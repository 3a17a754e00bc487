"""Convert parsed blocks to values of the section blocks of the editor."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import groupby
from typing import Any

from monographs.blocks.parts import EffectBlock
from monographs.blocks.tables import MAX_CAPTION_LENGTH, table_value
from monographs.document import SectionType
from monographs.document.parts import MAX_TABLE_COLUMNS
from monographs.imports.parsed_text import Block, EffectOffer, ParsedList, ParsedMonograph, ParsedTable
from monographs.imports.rich_text import as_html, inline_html, inline_plain, needs_rich_text

_LONGEST_NAME: int = EffectBlock().child_blocks["name"].field.max_length


def section_values(parsed: ParsedMonograph) -> dict[SectionType, dict[str, Any]]:
    """Return the value of each section that the text has."""
    return {section: _value(parsed, section) for section in SectionType if parsed.has(section)}


def _value(parsed: ParsedMonograph, section: SectionType) -> dict[str, Any]:
    blocks = parsed.sections.get(section, [])
    if section != SectionType.COMMON_SIDE_EFFECTS:
        return {"content": _content(blocks, parsed)}
    before, common = _split_effects(blocks, parsed)
    introduction, serious = _split_effects(parsed.serious, parsed)
    return {
        "content": _content(before, parsed),
        "common_effects": [*map(_effect, parsed.common_effects), *common],
        "serious": {
            "introduction": as_html(introduction, markup=parsed.markup, subheadings=False),
            "effects": [*map(_effect, parsed.serious_effects), *serious],
        },
    }


def _effect(effect: EffectOffer) -> dict[str, Any]:
    """Return the value of an effect that the writer accepted, without its empty fields."""
    return {name: value for name, value in asdict(effect).items() if value}


def _content(blocks: list[Block], parsed: ParsedMonograph) -> list[dict[str, Any]]:
    """Return text and tables in the order of the text."""
    return [
        piece
        for is_table, group in groupby(blocks, key=fits_table_block)
        for piece in (_tables(group, parsed) if is_table else _text(group, parsed))
    ]


def fits_table_block(block: Block) -> bool:
    """Whether a block is a table that the table block can hold; any other table stays text, row by row."""
    return (
        isinstance(block, ParsedTable)
        and 0 < len(block.rows[0]) <= MAX_TABLE_COLUMNS
        and len(block.rows) > int(block.header_row)
        and len(block.caption) <= MAX_CAPTION_LENGTH
    )


def _text(blocks: Iterable[Block], parsed: ParsedMonograph) -> Iterator[dict[str, Any]]:
    yield {"type": "text", "value": as_html(blocks, markup=parsed.markup)}


def _tables(blocks: Iterable[Block], parsed: ParsedMonograph) -> Iterator[dict[str, Any]]:
    for block in blocks:
        if isinstance(block, ParsedTable):
            rows = [[inline_html(cell, markup=parsed.markup) for cell in row] for row in block.rows]
            caption = inline_plain(block.caption, markup=parsed.markup)
            value = table_value(
                rows, caption=caption, header_row=block.header_row, row_headers=block.row_headers
            )
            yield {"type": "table", "value": value}


def _split_effects(blocks: list[Block], parsed: ParsedMonograph) -> tuple[list[Block], list[dict[str, Any]]]:
    """Return the text, and the side effects that follow it.

    Patients read the text first and the effects after it, so only a list at the very end may become
    effects: any other would change places with the text below it.
    """
    if not blocks or not isinstance(blocks[-1], ParsedList) or not _is_list_of_names(blocks[-1], parsed):
        return blocks, []
    names = (inline_plain(item.text, markup=parsed.markup) for item in blocks[-1].items)
    return blocks[:-1], [{"name": name} for name in names]


def _is_list_of_names(listing: ParsedList, parsed: ParsedMonograph) -> bool:
    return listing.is_plain and all(
        len(inline_plain(item.text, markup=parsed.markup)) <= _LONGEST_NAME
        and not needs_rich_text(item.text, markup=parsed.markup)
        for item in listing.items
    )

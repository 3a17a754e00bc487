"""A remedy in stored text: written into a plain field, rich text, or the first place of a draft that has it.

The words are replaced only where the whole passage is still there as the rule read it. What does not change
keeps its formatting. The band of an effect is chosen only where one effect is as the rule read it, a newer
source only where the list of sources has the older one once.
"""

import json
import re
from collections.abc import Callable, Iterator
from html import escape, unescape
from itertools import pairwise
from typing import Any

from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.fields import StreamField

from monographs.blocks.source_blocks import FROM_LIBRARY
from monographs.models import MonographPage, ReviewedPage
from monographs.rules.band_choice import BandChoice
from monographs.rules.remedy import Remedy
from monographs.rules.source_choice import SourceChoice

#: A character as rules read it, and where it is stored; what is raised has a “^” before it, stored nowhere.
_Character = tuple[str, int, int]
_PIECE = re.compile(
    r"<(?P<closing>/?)(?P<tag>[A-Za-z][A-Za-z0-9]*)[^>]*>|&(?:#\d+|#[xX][0-9A-Fa-f]+|\w+);|[^<]"
)
_BLOCKS = frozenset("p li ul ol h3 h4 br".split())


def replaced_in_plain_text(value: str, remedy: Remedy) -> str | None:
    """Return ``value`` with the remedy in it, None if it is not the remedy's passage."""
    line = _collapsed([(character, at, at + 1) for at, character in enumerate(value)])
    return _replaced(value, line, remedy, str)


def replaced_in_html(value: str, remedy: Remedy) -> str | None:
    """Return rich text with the remedy in the first block that is its passage, None if there is none."""
    for line in _lines(value):
        new = _replaced(value, _collapsed(line), remedy, lambda words: escape(words, quote=False))
        if new is not None:
            return new
    return None


def apply_to_page(page: ReviewedPage, anchor: str, remedy: Remedy | BandChoice | SourceChoice) -> bool:
    """Write the remedy into the draft ``page``, in place; return whether what it replaces was there."""
    if isinstance(remedy, BandChoice):
        return isinstance(page, MonographPage) and _choose_band(page, anchor, remedy)
    if isinstance(remedy, SourceChoice):
        return isinstance(page, MonographPage) and _choose_source(page, remedy)
    for field in page._meta.concrete_fields:
        value = getattr(page, field.attname)
        if isinstance(field, StreamField):
            stored = value.get_prep_value()
            new = _in_stream(field.stream_block, stored, anchor, remedy, whole=field.name == anchor)
            if new is not None:
                setattr(page, field.attname, json.dumps(new))
                return True
        elif field.name == anchor and isinstance(value, str):
            plain = replaced_in_plain_text(value, remedy)
            if plain is not None:
                setattr(page, field.attname, plain)
                return True
    return False


def _choose_band(page: MonographPage, anchor: str, choice: BandChoice) -> bool:
    stored = page.sections.get_prep_value()
    effects = (effect for child in stored if child["type"] == anchor for effect in _effects(child["value"]))
    same = [effect for effect in effects if choice.is_for(effect)]
    if len(same) != 1:
        return False
    same[0]["frequency"] = choice.band.value
    page.sections = json.dumps(stored)
    return True


def _choose_source(page: MonographPage, choice: SourceChoice) -> bool:
    stored = page.sources.get_prep_value()
    values = [child["value"] for child in stored if child["type"] == FROM_LIBRARY]
    same = [value for value in values if value.get("source") == choice.older.pk]
    if len(same) != 1 or any(value.get("source") == choice.newer.pk for value in values):
        return False
    same[0].update(source=choice.newer.pk, date_seen=None)
    page.sources = json.dumps(stored)
    return True


def _effects(section: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for items in (section.get("common_effects"), (section.get("serious") or {}).get("effects")):
        yield from (item.get("value", item) for item in items or ())


def _in_stream(
    block: blocks.StreamBlock, stored: list[Any], anchor: str, remedy: Remedy, *, whole: bool
) -> list[Any] | None:
    for index, child in enumerate(stored):
        if whole or child["type"] == anchor:
            new = _in_block(block.child_blocks[child["type"]], child["value"], remedy)
            if new is not None:
                return [*stored[:index], {**child, "value": new}, *stored[index + 1 :]]
    return None


def _in_block(block: Any, value: Any, remedy: Remedy) -> Any:
    """Return the stored ``value`` of a block with the remedy in its first place, None if there is none."""
    search = next((search for kinds, search in _SEARCHES if isinstance(block, kinds)), None)
    return search(block, value, remedy) if search and value else None


def _in_rich_text(_block: Any, value: str, remedy: Remedy) -> str | None:
    return replaced_in_html(value, remedy)


def _in_plain_text(_block: Any, value: str, remedy: Remedy) -> str | None:
    return replaced_in_plain_text(value, remedy)


def _in_struct(block: Any, value: dict[str, Any], remedy: Remedy) -> dict[str, Any] | None:
    for name, child in block.child_blocks.items():
        new = _in_block(child, value.get(name), remedy)
        if new is not None:
            return {**value, name: new}
    return None


def _in_children(block: Any, value: list[Any], remedy: Remedy) -> list[Any] | None:
    for index, child in enumerate(value):
        new = _in_block(block.child_blocks.get(child["type"]), child["value"], remedy)
        if new is not None:
            return [*value[:index], {**child, "value": new}, *value[index + 1 :]]
    return None


def _in_list(block: Any, value: list[Any], remedy: Remedy) -> list[Any] | None:
    for index, child in enumerate(value):
        # Stored before Wagtail gave items of lists their ids, an item is its value alone
        has_id = isinstance(child, dict) and set(child) <= {"type", "value", "id"} and "value" in child
        new = _in_block(block.child_block, child["value"] if has_id else child, remedy)
        if new is not None:
            return [*value[:index], {**child, "value": new} if has_id else new, *value[index + 1 :]]
    return None


def _in_table(block: Any, value: dict[str, Any], remedy: Remedy) -> dict[str, Any] | None:
    rows = value.get("rows", [])
    for number, row in enumerate(rows):
        for place, cell in enumerate(row["values"]):
            new = _in_block(block.child_blocks.get(value["columns"][place]["type"]), cell, remedy)
            if new is not None:
                values = [*row["values"][:place], new, *row["values"][place + 1 :]]
                return {**value, "rows": [*rows[:number], {**row, "values": values}, *rows[number + 1 :]]}
    return None


_SEARCHES: tuple[tuple[Any, Callable[[Any, Any, Remedy], Any]], ...] = (
    (blocks.RichTextBlock, _in_rich_text),
    ((blocks.CharBlock, blocks.TextBlock), _in_plain_text),
    (blocks.BaseStructBlock, _in_struct),
    (blocks.BaseStreamBlock, _in_children),
    (blocks.ListBlock, _in_list),
    (TypedTableBlock, _in_table),
)


def _lines(html: str) -> Iterator[list[_Character]]:
    """Yield the characters of each paragraph, item and heading of ``html``, and of each line in it."""
    line: list[_Character] = []
    for piece in _PIECE.finditer(html):
        tag, start, end = (piece["tag"] or "").lower(), *piece.span()
        if tag in _BLOCKS:
            yield line
            line = []
        elif tag == "sup" and not piece["closing"]:
            line.append(("^", end, end))
        elif not tag:
            characters = unescape(piece[0])
            line.append((characters[0], start, end))
            line += [(character, end, end) for character in characters[1:]]
    yield line


def _collapsed(characters: list[_Character]) -> list[_Character]:
    """Return the characters with one space for every run of white space, none at the edges."""
    kept: list[_Character] = []
    for character, start, end in characters:
        if not character.isspace():
            kept.append((character, start, end))
        elif kept and kept[-1][0] != " ":
            kept.append((" ", start, end))
        elif kept and kept[-1][2] == start:
            kept[-1] = (" ", kept[-1][1], end)
    return kept[:-1] if kept and kept[-1][0] == " " else kept


def _replaced(
    value: str, line: list[_Character], remedy: Remedy, as_stored: Callable[[str], str]
) -> str | None:
    if not line or "".join(character for character, _, _ in line) != remedy.passage:
        return None
    start, end, new = remedy.edit
    old = line[start:end]
    tags = "".join(value[one[2] : other[1]] for one, other in pairwise(old))
    return value[: old[0][1]] + as_stored(new) + tags + value[old[-1][2] :]

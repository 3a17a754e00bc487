"""The texts of a page's stored draft in which words can be replaced, found by the types of its blocks.

Names, identifiers, choices, addresses and sources are none: only what patients read as running text.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.fields import StreamField
from wagtail.models import Page

from monographs.document import SECTION_HEADINGS, SectionType
from monographs.review.replacement.word_pattern import Hit, Replacement, WordPattern

#: Fields of pages with running text, in reading order.
SUMMARY = "summary"
STREAMS = ("sections", "body")
#: Fields of blocks that hold no text of their own.
_NO_TEXT = frozenset({"sources", "reference"})


@dataclass(slots=True)
class DraftText:
    """A text of a draft: where it stands in words, its value, and what holds it (``holder[name]``)."""

    place: str
    value: str
    is_html: bool
    holder: Any
    name: Any


@dataclass(frozen=True, slots=True)
class PlacedHit:
    """An occurrence in a draft, by its number among all of the draft (from 0), and where it stands."""

    number: int
    place: str
    hit: Hit


class StoredTexts:
    """The running texts of the stored ``content`` of a revision of a page of type ``model``."""

    def __init__(self, content: Mapping[str, Any], model: type[Page]) -> None:
        self.fields: dict[str, Any] = {}
        self.texts: list[DraftText] = []
        if content.get(SUMMARY):
            self.fields[SUMMARY] = content[SUMMARY]
            self.texts.append(DraftText("Summary", content[SUMMARY], False, self.fields, SUMMARY))
        for name in STREAMS:
            if name in content and any(field.name == name for field in model._meta.concrete_fields):
                field = model._meta.get_field(name)
                assert isinstance(field, StreamField)  # noqa: S101  # these fields are
                stored = content[name]
                self.fields[name] = json.loads(stored or "[]") if isinstance(stored, str) else stored
                self.texts += _texts(field.stream_block, self.fields, name, "Text")

    def hits(self, pattern: WordPattern) -> list[PlacedHit]:
        """Return the occurrences in all texts, in reading order."""
        found = ((text, hit) for text in self.texts for hit in pattern.hits(text.value, is_html=text.is_html))
        return [PlacedHit(number, text.place, hit) for number, (text, hit) in enumerate(found)]

    def replaced(self, replacement: Replacement, numbers: set[int]) -> dict[str, Any]:
        """Return the values of the page's fields with the occurrences of these numbers replaced."""
        number = 0
        for text in self.texts:
            hits = replacement.pattern.hits(text.value, is_html=text.is_html)
            chosen = [hit for n, hit in enumerate(hits, start=number) if n in numbers]
            number += len(hits)
            text.holder[text.name] = replacement.apply(text.value, chosen, is_html=text.is_html)
        return {name: value if name == SUMMARY else json.dumps(value) for name, value in self.fields.items()}


def _texts(  # noqa: C901  # one case for each kind of block
    block: blocks.Block, holder: Any, name: Any, place: str
) -> Iterator[DraftText]:
    """Yield the texts of the value ``holder[name]`` of ``block``, in order."""
    value = holder[name]
    match block:
        case blocks.RichTextBlock() if isinstance(value, str):
            yield DraftText(place, value, True, holder, name)
        case blocks.CharBlock() | blocks.TextBlock() if isinstance(value, str):
            yield DraftText(place, value, False, holder, name)
        case blocks.StreamBlock() if isinstance(value, list):
            for child in value:
                if child["type"] in block.child_blocks:
                    inner = block.child_blocks[child["type"]]
                    yield from _texts(inner, child, "value", _heading(child["type"]) or place)
        case blocks.StructBlock() if isinstance(value, dict):
            for field, inner in block.child_blocks.items():
                if field in value and field not in _NO_TEXT:
                    yield from _texts(inner, value, field, place)
        case blocks.ListBlock() if isinstance(value, list):
            for number, item in enumerate(value):
                wrapped = isinstance(item, dict) and item.get("type") == "item"
                held, key = (item, "value") if wrapped else (value, number)
                yield from _texts(block.child_block, held, key, place)
        case TypedTableBlock() if isinstance(value, dict):
            yield from _cells(block, value, place)


def _cells(block: TypedTableBlock, value: dict[str, Any], place: str) -> Iterator[DraftText]:
    types = [column["type"] for column in value.get("columns", [])]
    for row in value.get("rows", []):
        cells = row["values"]
        for column, kind in enumerate(types[: len(cells)]):
            yield from _texts(block.child_blocks[kind], cells, column, place)


def _heading(name: str) -> str:
    """Return the heading of a section by the name of its block; empty for other blocks."""
    return SECTION_HEADINGS[SectionType(name)] if name in set(SectionType) else ""

"""The values of a page's stored draft that blocks hold, found by the types of the blocks."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.fields import StreamField
from wagtail.models import Page

from monographs.document import SECTION_HEADINGS, SectionType

#: Fields of pages with running text, in reading order.
STREAMS = ("sections", "body")


_HEADINGS: dict[str, str] = {section.value: SECTION_HEADINGS[section] for section in SectionType}


@dataclass(slots=True)
class StoredLeaf:
    """A value of a draft: its block, its section or “Text”, and what holds it (``holder[name]``).

    ``section`` is the anchor of its section in a redline.
    """

    block: blocks.Block
    section: str
    holder: Any
    name: Any

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        return _HEADINGS.get(self.section, "Text")

    @property
    def value(self) -> Any:
        """The value."""
        return self.holder[self.name]


class StoredStreams:
    """The streams of the stored ``content`` of a revision of a page of type ``model``."""

    def __init__(self, content: Mapping[str, Any], model: type[Page]) -> None:
        self.fields: dict[str, Any] = {}
        self.leaves: list[StoredLeaf] = []
        for name in STREAMS:
            if name in content and any(field.name == name for field in model._meta.concrete_fields):
                field = model._meta.get_field(name)
                assert isinstance(field, StreamField)  # noqa: S101  # these fields are
                stored = content[name]
                self.fields[name] = json.loads(stored or "[]") if isinstance(stored, str) else stored
                self.leaves += _leaves(field.stream_block, self.fields, name, name)

    def values(self) -> dict[str, str]:
        """Return the values of the page's fields as they are now."""
        return {name: json.dumps(value) for name, value in self.fields.items()}


def _leaves(  # noqa: C901  # one case for each kind of block
    block: blocks.Block, holder: Any, name: Any, section: str
) -> Iterator[StoredLeaf]:
    """Yield the values below ``holder[name]`` of ``block`` that hold no others, in order."""
    value = holder[name]
    match block:
        case blocks.StreamBlock() if isinstance(value, list):
            for child in value:
                if child["type"] in block.child_blocks:
                    inner = block.child_blocks[child["type"]]
                    own = child["type"] if child["type"] in set(SectionType) else section
                    yield from _leaves(inner, child, "value", own)
        case blocks.StructBlock() if isinstance(value, dict):
            for field, inner in block.child_blocks.items():
                if field in value:
                    yield from _leaves(inner, value, field, section)
        case blocks.ListBlock() if isinstance(value, list):
            for number, item in enumerate(value):
                wrapped = isinstance(item, dict) and item.get("type") == "item"
                held, key = (item, "value") if wrapped else (value, number)
                yield from _leaves(block.child_block, held, key, section)
        case TypedTableBlock() if isinstance(value, dict):
            yield from _cells(block, value, section)
        case _:
            yield StoredLeaf(block, section, holder, name)


def _cells(block: TypedTableBlock, value: dict[str, Any], section: str) -> Iterator[StoredLeaf]:
    types = [column["type"] for column in value.get("columns", [])]
    for row in value.get("rows", []):
        cells = row["values"]
        for column, kind in enumerate(types[: len(cells)]):
            yield from _leaves(block.child_blocks[kind], cells, column, section)

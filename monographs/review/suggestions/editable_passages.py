"""The passages of a draft for which other words can be suggested, and putting other words into them.

A passage is a paragraph, list item, heading or cell of rich text, or a field of plain text. It is known by
its place: the fields and blocks that contain it, blocks by their identifier.
"""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.rich_text import RichText

from monographs.models import ReviewedPage
from monographs.redline.vocabulary import BODY, PAGE, SOURCES
from monographs.review.suggestions.marked_words import paragraphs, replace_words

#: Fields of a page that are names or codes; no suggestion changes a page's name.
_NAMES_AND_CODES = frozenset("title slug atc unii label_set_id label_version".split())
#: Fields of blocks whose words are references or addresses.
_REFERENCES = frozenset("sources reference address date_seen".split())
_WAGTAIL_FIELDS = {field.name for field in Page._meta.get_fields()}
_SECTIONS = "sections"


class UnsuitableWords(ValueError):
    """The field cannot hold the words; the message says why."""


@dataclass(frozen=True, slots=True)
class EditablePassage:
    """A passage of a draft and its words.

    ``section`` is the anchor of its section in a redline, ``label`` the name of its field. ``path`` leads to
    the value in the stored content; ``span`` is where it is in that HTML, None in plain text. ``field`` is
    what the value must satisfy.
    """

    place: str
    section: str
    label: str
    words: str
    path: tuple[str | int, ...]
    field: Any
    span: tuple[int, int] | None = None

    @property
    def kind(self) -> str:
        """The place without identifiers of blocks."""
        return "/".join(each.partition(":")[0] for each in self.place.split("/"))


def editable_passages(content: Mapping[str, Any], model: type[ReviewedPage]) -> list[EditablePassage]:
    """Return the passages of a revision's ``content`` in the order of the page's fields."""
    found: list[EditablePassage] = []
    for field in model._meta.concrete_fields:
        if field.name in _NAMES_AND_CODES or field.name not in content:
            continue
        if isinstance(field, StreamField):
            stream = json.loads(content[field.name] or "[]")
            section = "" if field.name == _SECTIONS else _anchor_of_field(field.name)
            found += _of_stream(field.stream_block, stream, field.name, section, (field.name,))
        elif _is_text(field):
            words = content[field.name] or ""
            if words.strip():
                label = capfirst(str(field.verbose_name))
                found.append(EditablePassage(field.name, PAGE, label, words, (field.name,), field))
    return found


def _anchor_of_field(name: str) -> str:
    return SOURCES if name == SOURCES else BODY


def _is_text(field: models.Field[Any, Any]) -> bool:
    return (
        isinstance(field, models.CharField | models.TextField)
        and field.editable
        and not field.choices
        and field.name not in _WAGTAIL_FIELDS
    )


def _of_stream(
    block: blocks.StreamBlock, value: list[Any], place: str, section: str, path: tuple[str | int, ...]
) -> Iterator[EditablePassage]:
    for n, child in enumerate(value):
        name = child["type"]
        inner = block.child_blocks.get(name)
        if inner is not None:
            at = f"{place}/{name}:{child.get('id') or ''}"
            yield from _of_block(inner, child["value"], at, section or name, (*path, n, "value"))


def _of_block(  # noqa: C901  # one case for each kind of block
    block: blocks.Block, value: Any, place: str, section: str, path: tuple[str | int, ...]
) -> Iterator[EditablePassage]:
    match block:
        case blocks.StreamBlock():
            yield from _of_stream(block, value or [], place, section, path)
        case blocks.StructBlock():
            for name, child in block.child_blocks.items():
                if name not in _REFERENCES and (value or {}).get(name):
                    yield from _of_block(child, value[name], f"{place}/{name}", section, (*path, name))
        case blocks.ListBlock():
            yield from _of_list(block, value or [], place, section, path)
        case TypedTableBlock():
            for r, row in enumerate(value["rows"]):
                for c, cell in enumerate(row["values"]):
                    kind = block.child_blocks[value["columns"][c]["type"]]
                    yield from _of_block(kind, cell, place, section, (*path, "rows", r, "values", c))
        case blocks.RichTextBlock():
            for start, end, words in paragraphs(value or ""):
                yield EditablePassage(place, section, str(block.label), words, path, block, (start, end))
        case blocks.CharBlock() | blocks.TextBlock() if (value or "").strip():
            yield EditablePassage(place, section, str(block.label), value, path, block)


def _of_list(
    block: blocks.ListBlock, value: list[Any], place: str, section: str, path: tuple[str | int, ...]
) -> Iterator[EditablePassage]:
    for n, item in enumerate(value):
        if isinstance(item, dict) and item.get("type") == "item" and "value" in item:
            at = f"{place}/item:{item.get('id') or ''}"
            yield from _of_block(block.child_block, item["value"], at, section, (*path, n, "value"))
        else:
            yield from _of_block(block.child_block, item, f"{place}/item:", section, (*path, n))


def with_words(
    content: Mapping[str, Any], passage: EditablePassage, start: int, end: int, words: str
) -> dict[str, Any]:
    """Return ``content`` with ``words`` in place of the passage's characters ``start`` to ``end``.

    Raises ``UnsuitableWords`` if its field cannot hold them.
    """
    changed = deepcopy(dict(content))
    name, *path = passage.path
    if not path:
        changed[str(name)] = _changed(changed[str(name)], passage, start, end, words)
        return changed
    value = stream = json.loads(changed[str(name)])
    *way, last = path
    for step in way:
        value = value[step]
    value[last] = _changed(value[last], passage, start, end, words)
    changed[str(name)] = json.dumps(stream)
    return changed


def _changed(value: str, passage: EditablePassage, start: int, end: int, words: str) -> str:
    if passage.span:
        changed = replace_words(value, passage.span, start, end, words)
        checked: Any = RichText(changed)
    else:
        if "\n" in words and not isinstance(passage.field, blocks.TextBlock):
            raise UnsuitableWords("This is one line: write the words without line breaks.")
        checked = changed = value[:start] + words + value[end:]
    try:
        if isinstance(passage.field, blocks.Block):
            passage.field.clean(checked)
        else:
            passage.field.clean(checked, None)
    except ValidationError as error:
        raise UnsuitableWords(f"{passage.label}: {' '.join(error.messages)}") from error
    return changed

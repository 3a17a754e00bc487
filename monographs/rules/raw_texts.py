"""Every text of a document, character by character: names, captions, sources and addresses too."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from pydantic import BaseModel

from monographs.document.html import without_tags
from monographs.document.models import BaseDocument
from monographs.document.sections import Section

#: Fields that no person writes as a text, by name.
_NO_TEXT = frozenset(
    "key slug path sha256 file_name language kind type page condition group urgency frequency anchor".split()
)
_BLOCK_EDGE = re.compile(r"</?(?:p|li|ul|ol|h3|h4)>|<br>")
_TAG = re.compile(r"</?(?:strong|em|sub|sup|a|p|li|ul|ol|h3|h4|br)(?=[ >])")
_LABELS = {
    "brand_names": "Brand names",
    "pronunciation": "Pronunciation",
    "drug_class": "Drug class",
    "conditions": "Conditions",
    "sources": "Sources",
    "change_note": "What changed",
}


@dataclass(frozen=True, slots=True)
class RawText:
    """A text as it is stored, without tags; blocks of rich text are lines. ``index``: its place in order."""

    anchor: str
    place: str
    text: str
    index: int


def raw_texts(document: BaseDocument) -> Iterator[RawText]:
    """Yield the texts of ``document`` in reading order."""
    found = list(_fields(document))
    for index, (anchor, place, text) in enumerate(found):
        yield RawText(anchor, place, _plain(text), index)


def _fields(document: BaseDocument) -> Iterator[tuple[str, str, str]]:
    for name in type(document).model_fields:
        if name in _NO_TEXT:
            continue
        value = getattr(document, name)
        if name == "sections":
            for section in value:
                yield from _section(section)
        else:
            place = "Text" if name == "body" else _LABELS.get(name, name.replace("_", " ").capitalize())
            yield from ((name, place, text) for text in _texts(value))


def _section(section: Section) -> Iterator[tuple[str, str, str]]:
    for part in section.parts:
        yield from ((section.type, section.heading, text) for text in _texts(part))


def _texts(value: Any) -> Iterator[str]:
    """Yield each text in a value: itself, or those in its fields and items."""
    if isinstance(value, str) and not isinstance(value, Enum):
        if value:
            yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            if name not in _NO_TEXT:
                yield from _texts(getattr(value, name))
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _texts(item)


def _plain(text: str) -> str:
    if not _TAG.search(text):
        return text
    return without_tags(_BLOCK_EDGE.sub("\n", text).replace("<sup>", "^").replace("<sub>", "_"))

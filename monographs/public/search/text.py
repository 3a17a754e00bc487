"""What a document says, section by section, as words to be searched."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from monographs.document import MonographDocument
from monographs.document.html import plain_text
from monographs.document.models import BaseDocument
from monographs.document.parts import Advice, Companions, ConditionPart, DoDont, Effect, Effects, Figure, Text
from monographs.document.sections import SectionType

#: Kinds of pages that can be found.
FINDABLE = ("monograph", "drug_class", "condition")


@dataclass(frozen=True, slots=True)
class SectionText:
    """The words of one section. ``anchor`` is its place on the page, empty for the page's beginning."""

    anchor: str
    heading: str
    text: str


def section_texts_of(document: BaseDocument) -> Iterator[SectionText]:
    """Everything a document says, its beginning first."""
    if isinstance(document, MonographDocument):
        yield SectionText("", "", document.summary)
        for section in document.sections:
            yield SectionText(section.anchor, section.heading, _words(section.all_parts()))
    else:
        yield SectionText("", "", " ".join((document.summary, _words(document.all_parts()))).strip())


def names_of(document: BaseDocument) -> str:
    """Names under which every section of a document can be found beside its own words."""
    names = [document.title]
    if isinstance(document, MonographDocument):
        names += document.brand_names
        names += [document.drug_class.name] if document.drug_class else []
    return " ".join(names)


def used_with(document: BaseDocument) -> list[str]:
    """Keys of the pages that a monograph names as commonly used with its medicine, each once."""
    if not isinstance(document, MonographDocument):
        return []
    keys: dict[str, None] = {}
    for part, section, _ in document.walk():
        if isinstance(part, Companions) and section and section.type is SectionType.COMMONLY_USED_WITH:
            keys.update({item.page: None for item in part.items if item.page})
    return list(keys)


def _words(parts: Iterable[Any]) -> str:
    return " ".join(word for part in parts for word in _said(part) if word)


def _said(part: Any) -> Iterator[str]:
    match part:
        case Text() | Advice():
            yield plain_text(part.html)
        case DoDont():
            yield from (*part.do, *part.dont)
        case Figure():
            yield from (part.alt, part.caption)
        case ConditionPart():
            yield f"{part.condition_name}."
        case Effects():
            yield from (part.heading, plain_text(part.html), *map(_effect, part.items))
        case Companions():
            yield from (f"{item.name}. {item.why}" for item in part.items)


def _effect(effect: Effect) -> str:
    return f"{effect.name}. {effect.explanation} {effect.what_to_do}"

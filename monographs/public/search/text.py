"""Extract the searchable text of a document, section by section."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from monographs.document import MonographDocument
from monographs.document.models import BaseDocument, LocatedPart
from monographs.document.parts import Companions, ConditionPart
from monographs.document.passages import lines_text, part_passages
from monographs.document.sections import SectionType

#: Kinds of pages that search covers.
SEARCHABLE_KINDS = ("monograph", "drug_class", "condition")


@dataclass(frozen=True, slots=True)
class IndexedText:
    """The searchable text of one section. ``anchor`` is empty for the top of the page."""

    anchor: str
    heading: str
    text: str


_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉₊₋", "0123456789+-")
_WITH_RAISED = re.compile(r"\w*?([⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+)\w*|\w*?([₀₁₂₃₄₅₆₇₈₉₊₋]+)\w*")


def other_spellings(text: str) -> str:
    """Return the words of ``text`` with raised or lowered digits as people type them: 10^8, H2O."""
    return " ".join(_typed(match) for match in _WITH_RAISED.finditer(text))


def _typed(match: re.Match[str]) -> str:
    if match[1]:
        return match[0].replace(match[1], f"^{match[1].translate(_RAISED)}")
    return match[0].translate(_LOWERED)


def indexed_texts(document: BaseDocument) -> Iterator[IndexedText]:
    """Yield all texts of a document, the top of the page first."""
    if isinstance(document, MonographDocument):
        yield IndexedText("", "", document.summary)
        for section in document.sections:
            yield IndexedText(section.anchor, section.heading, plain_text_of(section.all_parts()))
    else:
        yield IndexedText("", "", " ".join((document.summary, plain_text_of(document.all_parts()))).strip())


def searchable_names(document: BaseDocument) -> str:
    """Return the names that are indexed with every section of a document."""
    names = [document.title]
    if isinstance(document, MonographDocument):
        names += document.brand_names
        names += [document.drug_class.name] if document.drug_class else []
    return " ".join(names)


def used_with_keys(document: BaseDocument) -> list[str]:
    """Return the keys of the pages that a monograph names as commonly used with its medicine, each once."""
    if not isinstance(document, MonographDocument):
        return []
    keys: dict[str, None] = {}
    for part, section, _ in document.walk():
        if isinstance(part, Companions) and section and section.type is SectionType.COMMONLY_USED_WITH:
            keys.update({item.page: None for item in part.items if item.page})
    return list(keys)


def plain_text_of(parts: Iterable[Any]) -> str:
    """Return the words of parts in reading order, for the index: never shown, so boxes may run together."""
    return " ".join(text for part in parts for text in _part_texts(part) if text)


def _part_texts(part: Any) -> Iterator[str]:
    if isinstance(part, ConditionPart):
        yield f"{part.condition_name}."
    headings: tuple[str, ...] = ()
    for passage in part_passages(LocatedPart(part)):
        if passage.headings != headings:
            headings = passage.headings
            yield from (f"{heading}." for heading in headings)
        if passage.name:
            yield f"{passage.name}."
        yield lines_text(passage.lines)

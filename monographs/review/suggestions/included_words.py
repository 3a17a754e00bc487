"""Words of a draft that are a standard text's: no suggestion changes them there."""

from collections.abc import Mapping
from typing import Any

from wagtail.models import Page

from monographs.document.parts import Advice, DoDont, Table, Text
from monographs.document.passages import text_lines
from monographs.document.table_text import table_texts
from monographs.editions.models import Edition
from monographs.editions.standard_texts import signed_text
from monographs.review.replacement.stored_versions import StoredVersions


def included_texts(content: Mapping[str, Any], model: type[Page], section: str = "") -> list[Edition]:
    """Return the signed standard texts that a draft's stored ``content`` includes, or those in a section."""
    versions = StoredVersions(content, model).versions(section)
    found = (signed_text(version.key, version.number, version.sha256) for version in versions)
    return [edition for edition in found if edition is not None]


def refusal_of_included_words(content: Mapping[str, Any], model: type[Page], quote: str) -> str:
    """Return why ``quote`` cannot be changed here; an empty text if it is of no standard text."""
    sought = _letters(quote)
    for edition in included_texts(content, model):
        if sought and sought in _letters(_words(edition)):
            return (
                f"These words are the standard text “{edition.title}”, version {edition.number}, which is "
                "the same wherever it is used. Suggest on its own page: Reports, Standard texts."
            )
    return ""


def _words(edition: Edition) -> str:
    found: list[str] = []
    for part in edition.document.body:
        match part:
            case Text() | Advice():
                found += (line.text for line in text_lines(part.html))
            case DoDont():
                found += (*part.do, *part.dont)
            case Table():
                found += table_texts(part)
    return " ".join(found)


def _letters(text: str) -> str:
    return "".join(text.split())

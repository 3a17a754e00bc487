"""Footnotes of an imported text as sources of the sections that cite them."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import URLValidator

from monographs.blocks.sections import sources_field
from monographs.blocks.source_blocks import SourceBlock
from monographs.document import SECTION_HEADINGS, SectionType
from monographs.imports.parsed_text import ParsedMonograph, texts_of
from monographs.imports.rich_text import inline_plain
from monographs.models import MonographPage

_FIELDS = SourceBlock().child_blocks
LONGEST_TITLE: int = _FIELDS["title"].field.max_length
_LONGEST_REFERENCES: int = sources_field().field.max_length
#: Short names of the sources that an import adds; a number is appended when a name is in use.
REFERENCE, FOOTNOTE = "ref", "note"
_CITED = re.compile(r"\[((?:\d{1,3}\s*[,–-]\s*)*\d{1,3})\]")
_ADDRESS = re.compile(r"https?://[^\s<>\"”]+[^\s<>\"”.,;:!?)]")


@dataclass(slots=True)
class SourceList:
    """The list of sources of a page, extended by the footnotes of an imported text that cites them."""

    page: MonographPage
    parsed: ParsedMonograph
    notes: list[str] = field(default_factory=list)
    _stored: list[dict[str, Any]] = field(default_factory=list)
    _cited: dict[str, str] = field(default_factory=dict)
    _numbered: dict[int, str] = field(default_factory=dict)
    _of_all: list[str] = field(default_factory=list)

    def add(self) -> None:
        """Add the sources that the writer accepted, and each footnote that is short enough."""
        self._stored = list(self.page.sources.get_prep_value())
        for source in self.parsed.sources:
            name = self.add_source(
                REFERENCE, source.title, publisher=source.publisher, address=source.address
            )
            self._numbered.setdefault(source.number, name)
        of_all = self.parsed.source_of_all
        if of_all is not None:
            self._of_all = [self.add_source(REFERENCE, of_all.title)]
        for name, words in self.parsed.footnotes.items():
            if len(words) <= LONGEST_TITLE:
                self._cited[name] = self.add_source(FOOTNOTE, words, address=address_in(words))
        self.page.sources = json.dumps(self._stored, cls=DjangoJSONEncoder)

    def named_in(self, section: SectionType) -> str:
        """Return the short names of the sources of a section, in the form its block stores."""
        cites = (cite for block in self.parsed.blocks(section) for cite in block.cites)
        names = [self._cited[cite] for cite in cites if cite in self._cited]
        if self._numbered:
            names += [self._numbered[n] for n in self._cites(section) if n in self._numbered]
        references = list(dict.fromkeys([*self._of_all, *names]))
        kept = list(_fitting(references))
        if len(kept) < len(references):
            self.notes.append(
                f"“{SECTION_HEADINGS[section]}” has more footnotes than it can name as sources; "
                "they are on the list of sources"
            )
        return ", ".join(kept)

    def _cites(self, section: SectionType) -> list[int]:
        """Return the numbers in square brackets in a section, such as 1, 2 and 3 in “[1–3]”."""
        texts = (text for block in self.parsed.blocks(section) for text in texts_of(block))
        plain = (inline_plain(text, markup=self.parsed.markup) for text in texts)
        return [number for text in plain for match in _CITED.finditer(text) for number in _expanded(match[1])]

    def add_source(self, kind: str, title: str, *, publisher: str = "", address: str = "") -> str:
        """Add a source unless the page has it; return its short name."""
        values = [child["value"] for child in self._stored]
        for value in values:
            if value.get("title") == title and re.fullmatch(rf"{kind}(-\d+)?", value["reference"]):
                return str(value["reference"])
        reference = _free(kind, {str(value["reference"]).strip().lower() for value in values})
        value = {"reference": reference, "title": title, "publisher": publisher, "address": address}
        self._stored.append({"type": "source", "value": value})
        return reference


def _expanded(words: str) -> list[int]:
    """Return the numbers that “1, 3–5” lists."""
    numbers: list[int] = []
    for piece in words.split(","):
        first, _, last = "".join(piece.split()).replace("–", "-").partition("-")
        numbers += range(int(first), int(last or first) + 1)
    return numbers


def long_footnotes(parsed: ParsedMonograph) -> dict[str, str]:
    """Return footnotes too long to be a source; they stay text."""
    return {name: words for name, words in parsed.footnotes.items() if len(words) > LONGEST_TITLE}


def _fitting(references: list[str]) -> Iterator[str]:
    length = 0
    for reference in references:
        length += len(reference) + len(", ")
        if length > _LONGEST_REFERENCES:
            return
        yield reference


def _free(kind: str, taken: set[str]) -> str:
    reference, number = kind, 1
    while reference in taken:
        number += 1
        reference = f"{kind}-{number}"
    return reference


def address_in(words: str) -> str:
    """Return the web address in a text, empty when there is no valid one."""
    found = _ADDRESS.search(words)
    try:
        URLValidator(schemes=["http", "https"])(found[0] if found else "")
    except ValidationError:
        return ""
    return found[0] if found else ""

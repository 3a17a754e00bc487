"""Sources of an imported draft: the file itself, and the footnotes in it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import URLValidator

from monographs.blocks.sections import SourceBlock, sources_field
from monographs.core.db_clock import database_today
from monographs.document import SECTION_HEADINGS, SectionType
from monographs.imports.parsed_text import ParsedMonograph
from monographs.models import MonographPage

_FIELDS = SourceBlock().child_blocks
LONGEST_TITLE: int = _FIELDS["title"].field.max_length
LONGEST_PUBLISHER: int = _FIELDS["publisher"].field.max_length
_LONGEST_REFERENCES: int = sources_field().field.max_length
#: Short names of the sources that an import adds; a number is appended when a name is in use.
REFERENCE, FOOTNOTE = "import", "note"
_ADDRESS = re.compile(r"https?://[^\s<>\"”]+[^\s<>\"”.,;:!?)]")


@dataclass(frozen=True, slots=True)
class Provenance:
    """A file as a source: title, date of the import, and publisher.

    Patients read it among the sources. Who imported it is in the page's history only.
    """

    title: str
    seen: date
    publisher: str = ""

    @classmethod
    def of(cls, file_name: str) -> "Provenance":
        """Return the source for a file that is imported today."""
        title = " ".join(file_name.encode("utf-8", "replace").decode().split())
        return cls(title[:LONGEST_TITLE], database_today())


@dataclass(slots=True)
class SourceList:
    """The list of sources of a page, extended by those of an imported text."""

    page: MonographPage
    parsed: ParsedMonograph
    origin: Provenance
    notes: list[str] = field(default_factory=list)
    _stored: list[dict[str, Any]] = field(default_factory=list)
    _cited: dict[str, str] = field(default_factory=dict)
    _reference: str = ""

    def add(self) -> None:
        """Add the file, and each footnote that is short enough, to the page's sources."""
        self._stored = list(self.page.sources.get_prep_value())
        self._reference = self._add(REFERENCE, self.origin.title, publisher=self.origin.publisher)
        for name, words in self.parsed.footnotes.items():
            if len(words) <= LONGEST_TITLE:
                self._cited[name] = self._add(FOOTNOTE, words, address=_address(words))
        self.page.sources = json.dumps(self._stored, cls=DjangoJSONEncoder)

    def named_in(self, section: SectionType) -> str:
        """Return the short names of the sources of a section, in the form its block stores."""
        cites = (cite for block in self.parsed.blocks(section) for cite in block.cites)
        references = [self._reference, *dict.fromkeys(self._cited[c] for c in cites if c in self._cited)]
        kept = list(_fitting(references))
        if len(kept) < len(references):
            self.notes.append(
                f"“{SECTION_HEADINGS[section]}” has more footnotes than it can name as sources; "
                "they are on the list of sources"
            )
        return ", ".join(kept)

    def _add(self, kind: str, title: str, *, publisher: str = "", address: str = "") -> str:
        """Add a source unless it exists; return its short name. Importing a file again updates its date."""
        values = [child["value"] for child in self._stored]
        for value in values:
            if value["title"] == title and re.fullmatch(rf"{kind}(-\d+)?", value["reference"]):
                if kind == REFERENCE:
                    value |= {"publisher": publisher, "date_seen": self.origin.seen.isoformat()}
                return str(value["reference"])
        reference = _free(kind, {str(value["reference"]).strip().lower() for value in values})
        value = {"reference": reference, "title": title, "publisher": publisher, "address": address}
        if kind == REFERENCE:
            value["date_seen"] = self.origin.seen.isoformat()
        self._stored.append({"type": "source", "value": value})
        return reference


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


def _address(words: str) -> str:
    """Return the web address in a footnote, empty when there is no valid one."""
    found = _ADDRESS.search(words)
    try:
        URLValidator(schemes=["http", "https"])(found[0] if found else "")
    except ValidationError:
        return ""
    return found[0] if found else ""

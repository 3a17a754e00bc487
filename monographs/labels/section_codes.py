"""What each section of a label means for a monograph: the codes of ``section_codes.toml``."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from monographs.document.sections import SectionType
from monographs.labels.label import LabelSection

#: Codes of sections that belong to the section around them: unclassified, and none.
UNCLASSIFIED = frozenset({"", "42229-5"})


class Use(StrEnum):
    """What a section of a label is to a monograph; see ``section_codes.toml``."""

    RESTS = "rests"
    REFERENCE = "reference"
    ALERT = "alert"
    IGNORE = "ignore"
    OTHER = "other"
    ANIMAL = "animal"
    DEVICE = "device"


class Guard(StrEnum):
    """Sections in which a change of substance is grave, or a change of a dose is."""

    NONE = ""
    BOXED = "boxed"
    CONTRAINDICATION = "contraindication"
    DOSE = "dose"


@dataclass(frozen=True, slots=True)
class SectionCode:
    """One LOINC code: the field of openFDA, its use, and the monograph's sections that rest on it."""

    code: str
    field: str
    use: Use
    reason: str
    sections: tuple[SectionType, ...] = ()
    guard: Guard = Guard.NONE


@cache
def section_codes() -> dict[str, SectionCode]:
    """Return all codes of the list."""
    path = Path(__file__).with_name("section_codes.toml")
    entries = tomllib.loads(path.read_text("utf-8"))["code"]
    return {
        entry["code"]: SectionCode(
            entry["code"],
            entry["field"],
            Use(entry["use"]),
            entry["reason"],
            tuple(SectionType(name) for name in entry.get("sections", ())),
            Guard(entry.get("guard", "")),
        )
        for entry in entries
    }


@cache
def codes_of_fields() -> dict[str, SectionCode]:
    """Return the codes by the names of openFDA's fields."""
    return {each.field: each for each in section_codes().values()}


#: For sections that are in no section with a code of the list: imprints, tables of contents.
UNKNOWN = SectionCode("", "spl_unclassified_section", Use.OTHER, "It has no code, and none is around it.")


@dataclass(frozen=True, slots=True)
class SectionMeaning:
    """A section, and the code that says what it means: its own, or that of the nearest section around it."""

    section: LabelSection
    code: SectionCode
    #: Title of the section that ``code`` is the code of.
    heading: str


def section_meanings(
    sections: tuple[LabelSection, ...], code: SectionCode = UNKNOWN, heading: str = ""
) -> Iterator[SectionMeaning]:
    """Yield all sections in reading order, with what they mean. Names of sections are never looked at."""
    for section in sections:
        own = None if section.code in UNCLASSIFIED else section_codes().get(section.code)
        here, title = (own, section.title) if own else (code, heading or section.title)
        yield SectionMeaning(section, here, title)
        yield from section_meanings(section.sections, here, title)

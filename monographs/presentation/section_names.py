"""Headings of a monograph's sections, by their types."""

from collections.abc import Iterable

from monographs.document.sections import SECTION_HEADINGS, SectionType


def section_names(types: Iterable[str]) -> str:
    """Return the headings of sections, given as the values of ``SectionType``, in one line."""
    return ", ".join(SECTION_HEADINGS[SectionType(name)] for name in types)

"""The parts of a page as patients will see it, each of which the review of a first edition shows once.

A part is the page with everything else hidden by style, so that it looks as on the whole page.
"""

from dataclasses import dataclass

from monographs.document.models import BaseDocument, MonographDocument
from monographs.document.sections import SectionType

#: The name of the part that has everything outside the sections.
REST = "rest"
#: The patients' page shows serious effects as a section of their own; reviewers read them with the others.
SERIOUS = "serious-side-effects"
WITH_SERIOUS = SectionType.COMMON_SIDE_EFFECTS.anchor


@dataclass(frozen=True, slots=True)
class DocumentPart:
    """One part: the ids of the elements that it ``shows``, or those that it ``hides``."""

    shows: tuple[str, ...] = ()
    hides: tuple[str, ...] = ()

    @classmethod
    def of(cls, document: BaseDocument, name: str) -> "DocumentPart | None":
        """Return the part of a document with a name from an address; None for the whole page."""
        sections = section_ids(document)
        if name in sections:
            return cls(shows=(name, SERIOUS) if name == WITH_SERIOUS else (name,))
        return cls(hides=(*sections, SERIOUS)) if name == REST and sections else None


def section_ids(document: BaseDocument) -> tuple[str, ...]:
    """Return the ids of the sections on the patients' page; none on pages without sections."""
    if not isinstance(document, MonographDocument):
        return ()
    return tuple(section.anchor for section in document.sections)


def parts_of_rows(document: BaseDocument, anchors: list[str]) -> dict[str, str]:
    """Return the query string of the part that each section of the review shows, by its anchor.

    The first section that is none on the page shows the rest of it, so that every word is shown once; a page
    without sections is shown whole there.
    """
    ids = section_ids(document)
    parts = {
        anchor: f"?part={anchor.replace('_', '-')}" for anchor in anchors if anchor.replace("_", "-") in ids
    }
    first = next((anchor for anchor in anchors if anchor not in parts), None)
    return parts if first is None else {first: f"?part={REST}" if ids else "", **parts}

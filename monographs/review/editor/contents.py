"""The table of contents of the editor: a medicine's sections with their state, and those it does not have."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from monographs.document import REQUIRED_SECTIONS, SECTION_HEADINGS, SECTION_ORDER, SectionType
from monographs.document.models import BaseDocument, MonographDocument
from monographs.models import MonographPage, ReviewedPage
from monographs.redline import Status, changed_sections
from monographs.review.editor.annotated_place import AnnotatedPlace

#: The anchor of the page's own fields in a redline, and the first of those fields in the editor.
PAGE, FIRST_FIELD = "page", "title"
SOURCES = "sources"


@dataclass(frozen=True, slots=True)
class ContentsRow:
    """A section of the editor, or the fields outside the sections, with its state.

    ``is_empty``: nothing is written yet. ``change`` is how it differs from the last edition, if it does.
    """

    anchor: str
    heading: str
    errors: int = 0
    to_write: int = 0
    advice: int = 0
    notes: int = 0
    suggestions: int = 0
    is_empty: bool = False
    change: Status | None = None

    @property
    def states(self) -> list[tuple[str, str]]:
        """The kind and the words of each state, the most urgent first."""
        found = [
            ("error", self.errors and f"{self.errors} to fix"),
            ("note", self.notes and _counted(self.notes, "open note")),
            ("note", self.suggestions and _counted(self.suggestions, "suggestion")),
            ("empty", "empty" if self.is_empty else self.to_write and f"{self.to_write} to write"),
            ("advice", self.advice and f"{self.advice} advice"),
            ("change", self.change and self.change.value),
        ]
        return [(kind, str(words)) for kind, words in found if words]

    @property
    def state(self) -> str:
        """The states in one line, for the heading of the closed section; "" if there is nothing to say."""
        return ", ".join(words for _, words in self.states)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class MissingSection:
    """A section that a medicine can have and this one does not."""

    anchor: str
    heading: str
    is_required: bool


def changes_since(edition: BaseDocument | None, document: BaseDocument | None) -> dict[str, Status]:
    """Return how each section or field group of a draft differs from the last edition, by its anchor here.

    Sentences on what changed are left out: they are written anew at each submission.
    """
    if edition is None or document is None or type(edition) is not type(document):
        return {}
    compared = document.model_copy(update={"change_note": edition.change_note})
    found = changed_sections(edition, compared)
    return {FIRST_FIELD if anchor == PAGE else anchor: status for anchor, status in found.items()}


def contents_of(
    page: ReviewedPage,
    document: BaseDocument | None,
    places: Iterable[AnnotatedPlace],
    changes: Mapping[str, Status],
) -> dict[str, Any]:
    """Return ``rows`` in the order of the editor, and ``missing`` sections; both empty without sections."""
    if not isinstance(page, MonographPage):
        return {"rows": [], "missing": []}
    present = list(dict.fromkeys(child.block_type for child in page.sections))
    counted = _Counts(places, {*present, SOURCES, *SECTION_ORDER})
    written = None
    if isinstance(document, MonographDocument):
        written = {section.type.value for section in document.sections}
    rows = [counted.row(FIRST_FIELD, "The medicine", change=changes.get(FIRST_FIELD))]
    rows += [
        counted.row(
            anchor,
            SECTION_HEADINGS[SectionType(anchor)],
            is_empty=written is not None and anchor not in written,
            change=changes.get(anchor),
        )
        for anchor in present
    ]
    rows.append(counted.row(SOURCES, "Sources", change=changes.get(SOURCES)))
    missing = [
        MissingSection(section.value, SECTION_HEADINGS[section], section in REQUIRED_SECTIONS)
        for section in SECTION_ORDER
        if section.value not in present
    ]
    return {"rows": rows, "missing": missing}


class _Counts:
    """What is counted by row: findings, notes, suggestions; of fields that have no row, in the first."""

    def __init__(self, places: Iterable[AnnotatedPlace], own: set[str]) -> None:
        self._places: dict[str, list[AnnotatedPlace]] = {}
        for place in places:
            anchor = place.anchor if place.anchor in own else FIRST_FIELD
            self._places.setdefault(anchor, []).append(place)

    def row(self, anchor: str, heading: str, **state: Any) -> ContentsRow:
        """Return the row of ``anchor``."""
        places = self._places.get(anchor, [])
        return ContentsRow(
            anchor,
            heading,
            errors=sum(len(place.errors) for place in places),
            to_write=sum(len(place.to_write) for place in places),
            advice=sum(len(place.advice) for place in places),
            notes=sum(len(place.open_notes) for place in places),
            suggestions=sum(len(place.open_suggestions) for place in places),
            **state,
        )

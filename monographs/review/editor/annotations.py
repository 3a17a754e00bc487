"""What the editor shows beside each section: findings, notes and how hard the text is to read."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.text import capfirst

from monographs.document import SECTION_HEADINGS, SECTION_ORDER, SectionType
from monographs.document.models import BaseDocument
from monographs.editions.publishing import current_edition
from monographs.models import ReviewedPage
from monographs.review import policy
from monographs.review.editor.form_draft import FormDraft
from monographs.review.notes import PlacedNote, beside, notes_of
from monographs.review.review_context import NoteRow, note_row
from monographs.rules.check_context import check_context_for
from monographs.rules.checks.reading_grade import ReadingLevels, reading_levels_of
from monographs.rules.draft_check import findings_of
from monographs.rules.finding import Finding
from monographs.rules.readability import Grades
from monographs.rules.rule import Severity

#: What a redline calls the facts of the page, and the field of the editor at which they begin.
PAGE, FIRST_FIELD = "page", "title"


@dataclass(frozen=True, slots=True)
class EditorPlace:
    """A section, or a field beside the sections, and what is said of it."""

    anchor: str
    heading: str
    findings: list[Finding]
    notes: list[NoteRow]
    grades: Grades | None = None

    @property
    def errors(self) -> list[Finding]:
        """What keeps the draft from being submitted."""
        return [finding for finding in self.findings if finding.stops]

    @property
    def advice(self) -> list[Finding]:
        """What would make the text better."""
        return [f for f in self.findings if f.severity is Severity.ADVICE and not f.reason]

    @property
    def overruled(self) -> list[Finding]:
        """What somebody let stand, with a reason."""
        return [finding for finding in self.findings if finding.reason]

    @property
    def open_notes(self) -> list[NoteRow]:
        """Notes that wait for the writer."""
        return [row for row in self.notes if row.note.is_open]

    @property
    def settled_notes(self) -> list[NoteRow]:
        """Notes that were resolved or withdrawn."""
        return [row for row in self.notes if not row.note.is_open]


def findings_in(draft: FormDraft) -> list[Finding]:
    """What the house rules say of ``draft``, after what its form says of fields they have no error for."""
    edition = current_edition(draft.page.translation_key)
    found = findings_of(draft.page, published=edition.document if edition else None)
    stopped = {finding.anchor for finding in found if finding.stops}
    return [*(said for said in draft.complaints if said.anchor not in stopped), *found]


def annotations_for(draft: FormDraft, request: HttpRequest) -> dict[str, Any]:
    """The answer to the editor's script: HTML for each place and for the side panel, and how many of what."""
    page = draft.page
    findings, document = findings_in(draft), _document(draft)
    levels = reading_levels_of(document, check_context_for(document)) if document else None
    places = _places(page, findings, levels, _notes(draft, document, request.user))
    counts = {
        "errors": sum(len(place.errors) for place in places),
        "advice": sum(len(place.advice) for place in places),
        "notes": sum(len(place.open_notes) for place in places),
    }
    status = " ".join(render_to_string("review/editor/status.html", counts).split())
    context = {
        **counts,
        "status": status,
        "page": page,
        "places": places,
        "findings": findings,
        "levels": levels,
        "may_overrule": bool(page.pk) and not page.is_frozen,
    }
    return {
        **counts,
        "status": status,
        "panel": render_to_string("review/editor/overview.html", context, request),
        "places": {
            place.anchor: render_to_string("review/editor/place.html", context | {"place": place}, request)
            for place in places
        },
    }


def _document(draft: FormDraft) -> BaseDocument | None:
    try:
        return draft.page.to_document()
    except ValueError:  # too unfinished to be one; the findings say why
        return None


def _places(
    page: ReviewedPage,
    findings: Iterable[Finding],
    levels: ReadingLevels | None,
    notes: dict[str, list[NoteRow]],
) -> list[EditorPlace]:
    grades = levels.sections if levels else {}
    findings = list(findings)
    anchors = dict.fromkeys([*grades, *(finding.anchor for finding in findings), *notes])
    ranks = {anchor.value: rank for rank, anchor in enumerate(SECTION_ORDER)}
    return [
        EditorPlace(
            anchor,
            heading_of(page, anchor),
            [finding for finding in findings if finding.anchor == anchor],
            notes.get(anchor, []),
            grades.get(anchor),
        )
        for anchor in sorted(anchors, key=lambda anchor: ranks.get(anchor, len(ranks)))
    ]


def heading_of(page: ReviewedPage, anchor: str) -> str:
    """What a writer calls a section, or a field of ``page``."""
    if anchor in SECTION_ORDER:
        return SECTION_HEADINGS[SectionType(anchor)]
    try:
        return capfirst(str(page._meta.get_field(anchor).verbose_name))
    except FieldDoesNotExist:
        return capfirst(anchor.replace("_", " ")) or "The page"


def _notes(draft: FormDraft, document: BaseDocument | None, user: Any) -> dict[str, list[NoteRow]]:
    """Notes by the place in the editor that they are about."""
    key = draft.page.translation_key
    notes = notes_of(key) if draft.page.pk else []
    if not notes:
        return {}
    part = policy.note_facts(user, key)
    if document:
        placed = [row for rows in beside(notes, document).values() for row in rows]
    else:
        placed = [PlacedNote(note, heading_of(draft.page, note.section), found=True) for note in notes]
    rows: dict[str, list[NoteRow]] = {}
    for one in placed:
        anchor = FIRST_FIELD if one.note.section == PAGE else one.note.section
        rows.setdefault(anchor, []).append(note_row(part, one))
    return rows

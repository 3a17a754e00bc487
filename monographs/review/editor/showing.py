"""What the editor shows beside each section: findings, notes and how hard the text is to read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from monographs.document import SECTION_HEADINGS, SectionType
from monographs.editions.making import current_edition
from monographs.review import policy
from monographs.review.editor.drafting import Draft
from monographs.review.models import Note
from monographs.review.notes import PlacedNote, beside, notes_of
from monographs.review.screen import NoteRow, note_row
from monographs.rules import Finding, Severity, findings_of

#: What a redline calls the facts of the page, and the field of the editor at which they begin.
PAGE, FIRST_FIELD = "page", "title"


@dataclass(frozen=True, slots=True)
class Place:
    """A section, or a field beside the sections, and what is said of it."""

    anchor: str
    heading: str
    findings: tuple[Finding, ...]
    notes: tuple[NoteRow, ...]

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


def findings_in(draft: Draft) -> list[Finding]:
    """What the house rules say of ``draft``, after what its form says of fields that it refused."""
    edition = current_edition(draft.page.translation_key)
    found = findings_of(draft.page, published=edition.document if edition else None)
    return [*draft.complaints, *found]


def show(draft: Draft, request: HttpRequest) -> dict[str, Any]:
    """The answer to the editor's script: HTML for each place and for the side panel, and how many of what."""
    page = draft.page
    places = _places(draft, request.user)
    errors = sum(len(place.errors) for place in places)
    advice = sum(len(place.advice) for place in places)
    notes = sum(len(place.open_notes) for place in places)
    context = {
        "page": page,
        "places": places,
        "may_overrule": bool(page.pk) and not page.is_frozen,
        "errors": errors,
        "advice": advice,
        "notes": notes,
    }
    return {
        "errors": errors,
        "advice": advice,
        "notes": notes,
        "status": " ".join(render_to_string("review/editor/status.html", context).split()),
        "panel": render_to_string("review/editor/overview.html", context, request),
        "places": {
            place.anchor: render_to_string("review/editor/place.html", context | {"place": place}, request)
            for place in places
        },
    }


def _places(draft: Draft, user: Any) -> list[Place]:
    findings: dict[str, list[Finding]] = {}
    for finding in findings_in(draft):
        findings.setdefault(finding.anchor, []).append(finding)
    notes = _notes(draft, user)
    return [
        Place(
            anchor,
            _heading(anchor, findings.get(anchor, ())),
            tuple(findings.get(anchor, ())),
            notes.get(anchor, ()),
        )
        for anchor in dict.fromkeys([*findings, *notes])
    ]


def _heading(anchor: str, findings: Sequence[Finding]) -> str:
    if anchor in SectionType:
        return SECTION_HEADINGS[SectionType(anchor)]
    return findings[0].place if findings else anchor.replace("_", " ").capitalize()


def _notes(draft: Draft, user: Any) -> dict[str, tuple[NoteRow, ...]]:
    """Notes by the place in the editor that they are about."""
    key = draft.page.translation_key
    notes = notes_of(key) if draft.page.pk else []
    if not notes:
        return {}
    part = policy.part_in_notes(user, key)
    rows: dict[str, tuple[NoteRow, ...]] = {}
    for anchor, found in _placed(draft, notes).items():
        home = FIRST_FIELD if anchor == PAGE else anchor
        rows[home] = (*rows.get(home, ()), *(note_row(part, placed) for placed in found))
    return rows


def _placed(draft: Draft, notes: list[Note]) -> dict[str, list[PlacedNote]]:
    try:
        return beside(notes, draft.page.to_document())
    except ValueError:  # too unfinished to look for passages in; the findings say why
        anchors = dict.fromkeys(note.section for note in notes)
        return {
            anchor: [PlacedNote(note, _heading(anchor, ()), found=True) for note in notes if note.section == anchor]
            for anchor in anchors
        }

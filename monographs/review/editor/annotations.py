"""The annotations beside each section of the editor: findings, notes, reading grades, citations."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import FieldDoesNotExist
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.text import capfirst

from monographs.core.users import authenticated_user
from monographs.document import SECTION_HEADINGS, SECTION_ORDER, SectionType
from monographs.document.models import BaseDocument
from monographs.editions.queries import current_edition
from monographs.models import ReviewedPage
from monographs.redline import Status
from monographs.review.dictionary_words import user_can_keep_dictionary
from monographs.review.editor.annotated_place import AnnotatedPlace
from monographs.review.editor.contents import FIRST_FIELD, PAGE, changes_since, contents_of
from monographs.review.editor.form_draft import FormDraft
from monographs.review.labels_of_pages.label_findings import label_findings
from monographs.review.labels_of_pages.section_citations import SectionCitations
from monographs.review.labels_of_pages.statement_citations import DraftCitations
from monographs.review.notes import PlacedNote, notes_by_section, notes_of
from monographs.review.policies import note_policy
from monographs.review.review_context import NoteRow, note_row
from monographs.review.submission_state.last_submission import returned_submission
from monographs.review.suggestions.suggestion_rows import SuggestionRow, suggestion_rows
from monographs.rules.checks.reading_grade import ReadingLevels, reading_levels_of
from monographs.rules.checks.structure import CHANGE_NOTE
from monographs.rules.draft_check import DraftCheck, check_draft
from monographs.rules.finding import Finding


class CheckedDraft:
    """The draft in the editor's form, resolved and checked once for a request."""

    def __init__(self, draft: FormDraft) -> None:
        self.page = draft.page
        self.form_findings = draft.findings
        self.edition = current_edition(self.page.translation_key)
        self.check_again()

    def check_again(self) -> None:
        """Check the draft against the rules, with the present facts of their context."""
        published = self.edition.document if self.edition else None
        self.check: DraftCheck = check_draft(self.page, published=published)

    def citations(self) -> DraftCitations | None:
        """Return what the draft's statements cite; None for a draft that cannot be resolved or saved."""
        document = self.check.document
        return DraftCitations(self.page, document, self.edition) if document and self.page.pk else None

    def findings(self) -> list[Finding]:
        """Return the findings of the house rules, after those of the form on fields without an error.

        Label changes that the draft does not answer come last. What changed is asked at submission.
        """
        rules = (finding for finding in self.check.findings() if finding.rule != CHANGE_NOTE.name)
        found = [*rules, *label_findings(self.page)]
        with_errors = {finding.anchor for finding in found if finding.stops}
        return [*(each for each in self.form_findings if each.anchor not in with_errors), *found]


def annotations_for(draft: CheckedDraft, request: HttpRequest) -> dict[str, Any]:
    """Return the response to the editor's script: HTML for each place and for the side panel, and counts."""
    page, check = draft.page, draft.check
    findings = draft.findings()
    levels = reading_levels_of(check.index, check.context) if check.index and check.context else None
    notes = _notes_by_anchor(page, check.document, authenticated_user(request))
    drafted = draft.citations()
    citations = drafted.sections() if drafted else {}
    suggestions = _suggestions_by_anchor(page, authenticated_user(request))
    changes = changes_since(draft.edition.document if draft.edition else None, check.document)
    places = _annotated_places(
        page, findings, levels, notes=notes, citations=citations, suggestions=suggestions, changes=changes
    )
    contents = contents_of(page, check.document, places, changes)
    counts = _counts(places)
    status = " ".join(render_to_string("review/editor/status.html", counts).split())
    context = {
        **counts,
        "status": status,
        "page": page,
        "places": places,
        "findings": findings,
        "levels": levels,
        "may_overrule": bool(page.pk) and not page.is_frozen,
        "may_add_words": bool(page.pk) and user_can_keep_dictionary(request.user).allowed,
        "changed": [(anchor, row) for anchor, section in citations.items() for row in section.changed],
        "faulty": [(anchor, row) for anchor, section in citations.items() for row in section.faulty],
        "lost": [(anchor, each) for anchor, section in citations.items() for each in section.lost],
        "edition": draft.edition,
        "contents": contents,
        "returned": None if not page.pk or page.is_frozen else returned_submission(page.translation_key),
    }
    template = "review/editor/annotations.html"
    return {
        **counts,
        "status": status,
        "panel": render_to_string("review/editor/overview.html", context, request),
        "top": render_to_string("review/editor/top.html", context, request),
        "contents": render_to_string("review/editor/contents.html", context, request),
        "states": {row.anchor: row.state for row in contents["rows"]},
        "places": {
            place.anchor: render_to_string(template, context | {"place": place}, request) for place in places
        },
    }


def _counts(places: Sequence[AnnotatedPlace]) -> dict[str, int]:
    """Return how many annotations of each kind wait for the writer."""
    return {
        "errors": sum(len(place.errors) for place in places),
        "to_write": sum(len(place.to_write) for place in places),
        "advice": sum(len(place.advice) for place in places),
        "notes": sum(len(place.open_notes) for place in places),
        "suggestions": sum(len(place.open_suggestions) for place in places),
    }


def _annotated_places(
    page: ReviewedPage,
    findings: Iterable[Finding],
    levels: ReadingLevels | None,
    *,
    notes: dict[str, list[NoteRow]],
    citations: dict[str, SectionCitations],
    suggestions: dict[str, list[SuggestionRow]],
    changes: dict[str, Status],
) -> list[AnnotatedPlace]:
    grades = levels.sections if levels else {}
    findings = list(findings)
    anchors = dict.fromkeys(
        [*grades, *(finding.anchor for finding in findings), *notes, *citations, *suggestions, *changes]
    )
    ranks = {anchor.value: rank for rank, anchor in enumerate(SECTION_ORDER)}
    return [
        AnnotatedPlace(
            anchor,
            heading_of(page, anchor),
            [finding for finding in findings if finding.anchor == anchor],
            notes.get(anchor, []),
            grades.get(anchor),
            citations.get(anchor),
            tuple(suggestions.get(anchor, ())),
            changes.get(anchor),
        )
        for anchor in sorted(anchors, key=lambda anchor: ranks.get(anchor, len(ranks)))
    ]


def heading_of(page: ReviewedPage, anchor: str) -> str:
    """Return the heading of a section, or the label of a field of ``page``."""
    if anchor in SECTION_ORDER:
        return SECTION_HEADINGS[SectionType(anchor)]
    try:
        return capfirst(str(page._meta.get_field(anchor).verbose_name))
    except FieldDoesNotExist:
        return capfirst(anchor.replace("_", " ")) or "The page"


def _suggestions_by_anchor(page: ReviewedPage, user: User) -> dict[str, list[SuggestionRow]]:
    """Return the suggestions by the section or field of the editor whose words they change."""
    rows: dict[str, list[SuggestionRow]] = {}
    for row in suggestion_rows(user, page.translation_key) if page.pk else []:
        section = row.suggestion.section
        anchor = section if section in SECTION_ORDER else row.suggestion.place.partition("/")[0]
        rows.setdefault(anchor, []).append(row)
    return rows


def _notes_by_anchor(
    page: ReviewedPage, document: BaseDocument | None, user: User
) -> dict[str, list[NoteRow]]:
    """Return the notes by the section or field of the editor that they are about."""
    notes = notes_of(page.translation_key) if page.pk else []
    if not notes:
        return {}
    facts = note_policy.note_facts(user, page.translation_key)
    if document:
        placed = [each for group in notes_by_section(notes, document).values() for each in group]
    else:
        placed = [PlacedNote(note, heading_of(page, note.section), found=True) for note in notes]
    rows: dict[str, list[NoteRow]] = {}
    for each in placed:
        anchor = FIRST_FIELD if each.note.section == PAGE else each.note.section
        rows.setdefault(anchor, []).append(note_row(facts, each))
    return rows

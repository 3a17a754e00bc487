"""The data of the review screen, section by section, read in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.contrib.auth.models import User

from monographs.document import SECTION_ORDER
from monographs.document.models import BaseDocument
from monographs.document.page_statements import statements
from monographs.editions.cited_statements import (
    CitedStatement,
    StatementCitation,
    cited_in_draft,
    cited_statements,
)
from monographs.editions.models import Edition
from monographs.label_watch.citations import (
    compared_statements,
    standing_citations,
)
from monographs.label_watch.label_tasks import answered_bases
from monographs.redline import Redline, SectionRedline, redline
from monographs.review.labels_of_pages.cited_sources import sources_of_statements
from monographs.review.labels_of_pages.lost_statements import lost_statements
from monographs.review.labels_of_pages.section_citations import SectionCitations, citations_by_section
from monographs.review.models import Note, Submission
from monographs.review.notes import PlacedNote, notes_by_section, notes_of
from monographs.review.policies import note_policy
from monographs.review.progress import Progress, compared_texts, last_viewed, progress_of
from monographs.review.suggestions.suggestion_rows import SuggestionRow, by_section, suggestion_rows
from monographs.rules.draft_check import findings_of_submission
from monographs.rules.finding import Finding
from monographs.source_library.source_citations import standing_source_citations

#: Anchors that patients' pages have, too.
_PUBLIC_ANCHORS = frozenset(SECTION_ORDER)


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note and what the user may do with it."""

    placed: PlacedNote
    may_answer: bool
    may_resolve: bool
    may_withdraw: bool
    may_reopen: bool

    @property
    def note(self) -> Note:
        """The note itself."""
        return self.placed.note

    @property
    def may_act(self) -> bool:
        """Whether the user may do anything with it."""
        return self.may_answer or self.may_resolve or self.may_withdraw or self.may_reopen


@dataclass(frozen=True, slots=True)
class SectionRow:
    """One section with its notes and findings.

    ``section`` is its change since the last edition, which a signer must read; ``shown`` is its change in the
    comparison on the screen.
    """

    section: SectionRedline
    shown: SectionRedline
    to_read: bool
    read_at: datetime | None
    notes: tuple[NoteRow, ...]
    findings: tuple[Finding, ...]
    citations: SectionCitations = field(default_factory=SectionCitations)
    #: Whether the reviewer read it in an earlier submission, and it says the same since.
    settled: bool = False
    suggestions: tuple[SuggestionRow, ...] = ()

    @property
    def anchor(self) -> str:
        """The anchor of the section on this screen."""
        return self.section.anchor

    @property
    def public_anchor(self) -> str:
        """Its anchor on the patients' page; empty if it has none there."""
        return self.anchor.replace("_", "-") if self.anchor in _PUBLIC_ANCHORS else ""

    @property
    def open_notes(self) -> tuple[NoteRow, ...]:
        """Notes that are not resolved or withdrawn yet."""
        return tuple(row for row in self.notes if row.note.is_open)

    @property
    def closed_notes(self) -> tuple[NoteRow, ...]:
        """Notes that were resolved or withdrawn."""
        return tuple(row for row in self.notes if not row.note.is_open)

    @property
    def open_suggestions(self) -> tuple[SuggestionRow, ...]:
        """Suggestions that wait for an answer."""
        return tuple(row for row in self.suggestions if row.suggestion.is_open)

    @property
    def answered_suggestions(self) -> tuple[SuggestionRow, ...]:
        """Suggestions that were accepted, declined or withdrawn."""
        return tuple(row for row in self.suggestions if not row.suggestion.is_open)

    @property
    def collapsed(self) -> bool:
        """Whether it is collapsed: nothing left to read or answer in it, and nothing cited changed."""
        if self.open_notes or self.open_suggestions or self.citations.is_unfolded:
            return False
        return self.settled or not (self.to_read or self.shown.changed)


@dataclass(frozen=True, slots=True)
class ReviewContext:
    """A submission as one user reads it.

    ``own_notes`` are the user's notes on earlier texts since the last edition. ``last_view`` is the earlier
    submission the user opened last, ``since`` the same if the text is compared with it. ``unplaced_notes``
    and ``unplaced_suggestions`` are on sections that the text no longer has.
    """

    progress: Progress
    shown: Redline
    rows: tuple[SectionRow, ...]
    unplaced_notes: tuple[NoteRow, ...]
    unplaced_suggestions: tuple[SuggestionRow, ...]
    own_notes: tuple[NoteRow, ...]
    last_view: Submission | None
    since: Submission | None

    @property
    def first(self) -> bool:
        """Whether it is a first edition that is read whole: all of it is new."""
        return self.progress.edition is None and self.since is None

    @property
    def has_settled(self) -> bool:
        """Whether sections are collapsed that were read in an earlier submission."""
        return any(row.settled for row in self.collapsed_rows)

    @property
    def anchors(self) -> list[str]:
        """The anchors of all sections, in their order."""
        return [row.anchor for row in self.rows]

    @property
    def expanded_rows(self) -> list[SectionRow]:
        """Sections to read or to answer notes in."""
        return [row for row in self.rows if not row.collapsed]

    @property
    def collapsed_rows(self) -> list[SectionRow]:
        """All other sections."""
        return [row for row in self.rows if row.collapsed]

    @property
    def next(self) -> SectionRow | None:
        """The first section that is not read yet."""
        return next((row for row in self.rows if row.to_read and not row.read_at), None)


def review_context_for(user: User, submission: Submission, *, since_mine: bool = False) -> ReviewContext:
    """Return ``submission`` compared with the public edition.

    With ``since_mine``, compared with the earlier submission that ``user`` opened last, if there is one.
    """
    progress = progress_of(user, submission)
    last_view = last_viewed(user, submission)
    since = last_view if since_mine else None
    document = submission.document
    shown = redline(since.document, document) if since else progress.redline
    facts = note_policy.note_facts(user, submission.key)
    notes = {
        anchor: tuple(note_row(facts, placed) for placed in found)
        for anchor, found in notes_by_section(notes_of(submission.key), document).items()
    }
    findings = _findings_by_section(document, submission.key, {section.anchor for section in shown.sections})
    own = _own_notes(user, submission, progress, notes)
    unchanged = _unchanged_since(last_view, submission, progress)
    citations = _citations(submission, progress.edition)
    suggestions = by_section(suggestion_rows(user, submission.key))
    by_anchor = {section.anchor: section for section in progress.redline.sections}
    to_read = {section.anchor for section in progress.to_read}
    rows = tuple(
        SectionRow(
            section=by_anchor.get(section.anchor, section),
            shown=section,
            to_read=section.anchor in to_read,
            read_at=progress.read.get(section.anchor),
            notes=notes.pop(section.anchor, ()),
            findings=tuple(findings.get(section.anchor, ())),
            citations=citations.get(section.anchor, SectionCitations()),
            settled=section.anchor in progress.read and section.anchor in unchanged,
            suggestions=tuple(suggestions.pop(section.anchor, ())),
        )
        for section in _all_sections(shown, progress.redline)
    )
    unplaced = tuple(row for found in notes.values() for row in found)
    unplaced_suggestions = tuple(row for found in suggestions.values() for row in found)
    return ReviewContext(progress, shown, rows, unplaced, unplaced_suggestions, own, last_view, since)


def _own_notes(
    user: User, submission: Submission, progress: Progress, notes: Mapping[str, tuple[NoteRow, ...]]
) -> tuple[NoteRow, ...]:
    """Return the notes that ``user`` made on earlier texts since the last edition, open ones first."""
    began = progress.edition.created_at if progress.edition else None
    own = [
        row
        for rows in notes.values()
        for row in rows
        if row.note.author_id == user.pk
        and row.note.submission_id != submission.pk
        and (began is None or row.note.at > began)
    ]
    return tuple(sorted(own, key=lambda row: not row.note.is_open))


def _unchanged_since(last_view: Submission | None, submission: Submission, progress: Progress) -> set[str]:
    """Return the anchors of sections that say the same as in the earlier text that the user opened last.

    No section does if that was before the last edition, since which all has to be read again.
    """
    edition = progress.edition
    if last_view is None or (edition and last_view.submitted_at < edition.created_at):
        return set()
    compared = compared_texts(last_view.canonical, submission.canonical)
    changed = {section.anchor for section in compared.changed}
    return {section.anchor for section in progress.redline.sections} - changed


def _citations(submission: Submission, edition: Edition | None) -> dict[str, SectionCitations]:
    """Return what the statements of a submitted text cite, by section; nothing if none cites anything.

    Under review it is compared with ``edition``: which statements were reworded since they were cited, and
    which are gone. Citations made after a review has ended are not of its text.
    """
    document, key = submission.document, submission.key
    passages, sources = standing_citations(key), standing_source_citations(key)
    if submission.is_open:
        citing_labels = [_as_reworded(each) for each in cited_in_draft(document, passages, edition)]
        citing_sources = [_as_reworded(each) for each in cited_in_draft(document, sources, edition)]
        lost = lost_statements(key, document, edition, (passages, sources))
    else:
        citing_labels, lost = cited_statements(document, passages), {}
        citing_sources = cited_statements(document, sources)
    compared = compared_statements(citing_labels, answered_bases(key)) if citing_labels else []
    by_statement = sources_of_statements(citing_sources, document)
    found = compared or by_statement or lost
    return citations_by_section(compared, by_statement, statements(document), lost) if found else {}


_C = TypeVar("_C", bound=StatementCitation)


def _as_reworded(cited: CitedStatement[_C]) -> CitedStatement[_C]:
    """Return a cited statement that says it was reworded also where submission gave it its own citations."""
    return replace(cited, reworded=bool(cited.former))


def _findings_by_section(document: BaseDocument, key: UUID, anchors: set[str]) -> dict[str, list[Finding]]:
    """Return the findings by section; those on the page's fields are under ``page``."""
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings_of_submission(document, key):
        found[finding.anchor if finding.anchor in anchors else "page"].append(finding)
    return found


def note_row(facts: note_policy.NoteFacts, placed: PlacedNote) -> NoteRow:
    """Return a note with what a user with these ``facts`` may do with it."""
    note = placed.note
    return NoteRow(
        placed,
        may_answer=note_policy.can_answer_note(facts, note).allowed,
        may_resolve=note_policy.can_resolve_note(facts, note).allowed,
        may_withdraw=note_policy.can_withdraw_note(facts, note).allowed,
        may_reopen=note_policy.can_reopen_note(facts, note).allowed,
    )


def _all_sections(shown: Redline, since_edition: Redline) -> list[SectionRedline]:
    """Return the sections of ``shown``, then those that only the other comparison has.

    The latter were removed since the last edition, before the text ``shown`` compares with.
    """
    anchors = {section.anchor for section in shown.sections}
    return [*shown.sections, *(each for each in since_edition.sections if each.anchor not in anchors)]

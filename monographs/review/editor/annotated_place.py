"""A place of the editor with its annotations."""

from dataclasses import dataclass

from monographs.redline import Status
from monographs.review.labels_of_pages.label_findings import LABEL_CHANGE, LABEL_CHECK
from monographs.review.labels_of_pages.section_citations import SectionCitations
from monographs.review.review_context import NoteRow
from monographs.review.suggestions.suggestion_rows import SuggestionRow
from monographs.rules.finding import Finding
from monographs.rules.readability import Grades
from monographs.rules.rule import Severity


@dataclass(frozen=True, slots=True)
class AnnotatedPlace:
    """A section, or a field outside the sections, with its annotations."""

    anchor: str
    heading: str
    findings: list[Finding]
    notes: list[NoteRow]
    grades: Grades | None = None
    citations: SectionCitations | None = None
    suggestions: tuple[SuggestionRow, ...] = ()
    change: Status | None = None

    @property
    def errors(self) -> list[Finding]:
        """Findings on what is wrong, which keep the draft from being submitted."""
        return [finding for finding in self.findings if finding.to_fix]

    @property
    def to_write(self) -> list[Finding]:
        """Findings on what is not written yet, which keep the draft from being submitted, too."""
        return [finding for finding in self.findings if finding.to_write]

    @property
    def advice(self) -> list[Finding]:
        """Findings that are advice."""
        return [f for f in self.findings if f.severity is Severity.ADVICE and not f.reason]

    @property
    def is_unfolded(self) -> bool:
        """Whether findings are shown without a click: errors, open label changes, and labels that fail."""
        return any(finding.stops or finding.rule in (LABEL_CHANGE, LABEL_CHECK) for finding in self.findings)

    @property
    def overruled(self) -> list[Finding]:
        """Findings that somebody overruled with a reason."""
        return [finding for finding in self.findings if finding.reason]

    @property
    def open_notes(self) -> list[NoteRow]:
        """Notes that are not resolved or withdrawn yet."""
        return [row for row in self.notes if row.note.is_open]

    @property
    def closed_notes(self) -> list[NoteRow]:
        """Notes that were resolved or withdrawn."""
        return [row for row in self.notes if not row.note.is_open]

    @property
    def open_suggestions(self) -> list[SuggestionRow]:
        """Suggestions that wait for an answer."""
        return [row for row in self.suggestions if row.suggestion.is_open]

    @property
    def answered_suggestions(self) -> list[SuggestionRow]:
        """Suggestions that were answered or withdrawn."""
        return [row for row in self.suggestions if not row.suggestion.is_open]

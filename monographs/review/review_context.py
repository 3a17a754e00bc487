"""What the screen of one review shows, section by section, gathered in a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monographs.document import SECTION_ORDER
from monographs.document.models import BaseDocument
from monographs.redline import Redline, SectionRedline, redline
from monographs.review import note_policy
from monographs.review.models import Submission
from monographs.review.notes import PlacedNote, beside, notes_of
from monographs.review.progress import Progress, last_viewed, progress_of
from monographs.rules.draft_check import findings_of_submission
from monographs.rules.finding import Finding

_ON_THE_PAGE = frozenset(SECTION_ORDER)


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note and what the person looking may do with it."""

    placed: PlacedNote
    may_answer: bool
    may_resolve: bool
    may_withdraw: bool
    may_reopen: bool

    @property
    def note(self) -> Any:
        """The note itself."""
        return self.placed.note

    @property
    def may_act(self) -> bool:
        """Whether there is anything they may do."""
        return self.may_answer or self.may_resolve or self.may_withdraw or self.may_reopen


@dataclass(frozen=True, slots=True)
class SectionRow:
    """One section: its change as it must be read (``section``), as it is shown (``shown``), and its notes."""

    section: SectionRedline
    shown: SectionRedline
    to_read: bool
    read_at: datetime | None
    notes: tuple[NoteRow, ...]
    findings: tuple[Finding, ...]

    @property
    def anchor(self) -> str:
        """Names it on this screen."""
        return self.section.anchor

    @property
    def place(self) -> str:
        """Its address within the patient's page; empty for what has none."""
        return self.anchor.replace("_", "-") if self.anchor in _ON_THE_PAGE else ""

    @property
    def open_notes(self) -> tuple[NoteRow, ...]:
        """Notes that wait for an answer."""
        return tuple(row for row in self.notes if row.note.is_open)

    @property
    def settled_notes(self) -> tuple[NoteRow, ...]:
        """Notes that were resolved or withdrawn."""
        return tuple(row for row in self.notes if not row.note.is_open)

    @property
    def folded(self) -> bool:
        """Whether nothing in it asks for a look."""
        return not (self.to_read or self.shown.changed or self.open_notes)


@dataclass(frozen=True, slots=True)
class ReviewContext:
    """A submission as one person reads it. ``since`` is the earlier submission it is shown against."""

    progress: Progress
    shown: Redline
    rows: tuple[SectionRow, ...]
    elsewhere: tuple[NoteRow, ...]
    last_look: Submission | None
    since: Submission | None

    @property
    def unfolded(self) -> list[SectionRow]:
        """Sections that ask for a look."""
        return [row for row in self.rows if not row.folded]

    @property
    def folded(self) -> list[SectionRow]:
        """Sections that need none."""
        return [row for row in self.rows if row.folded]

    @property
    def next(self) -> SectionRow | None:
        """The first section that is left to read."""
        return next((row for row in self.rows if row.to_read and not row.read_at), None)


def review_context_for(user: Any, submission: Submission, *, since_mine: bool = False) -> ReviewContext:
    """``submission`` against what patients read, or with ``since_mine`` against what ``user`` saw last."""
    progress = progress_of(user, submission)
    last_look = last_viewed(user, submission)
    since = last_look if since_mine else None
    document = submission.document
    shown = redline(since.document, document) if since else progress.redline
    part = note_policy.note_facts(user, submission.key)
    notes = {
        anchor: tuple(note_row(part, placed) for placed in found)
        for anchor, found in beside(notes_of(submission.key), document).items()
    }
    findings = _findings(document, submission.key, {section.anchor for section in shown.sections})
    by_anchor = {section.anchor: section for section in progress.redline.sections}
    must = {section.anchor for section in progress.to_read}
    rows = tuple(
        SectionRow(
            section=by_anchor.get(section.anchor, section),
            shown=section,
            to_read=section.anchor in must,
            read_at=progress.read.get(section.anchor),
            notes=notes.pop(section.anchor, ()),
            findings=tuple(findings.get(section.anchor, ())),
        )
        for section in _all(shown, progress.redline)
    )
    elsewhere = tuple(row for found in notes.values() for row in found)
    return ReviewContext(progress, shown, rows, elsewhere, last_look, since)


def _findings(document: BaseDocument, key: Any, anchors: set[str]) -> dict[str, list[Finding]]:
    """What the house rules say, by section; of the fields of the page, beside its facts."""
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings_of_submission(document, key):
        found[finding.anchor if finding.anchor in anchors else "page"].append(finding)
    return found


def note_row(part: note_policy.NoteFacts, placed: PlacedNote) -> NoteRow:
    """A note with what somebody of this ``part`` may do with it."""
    note = placed.note
    return NoteRow(
        placed,
        may_answer=note_policy.can_answer_note(part, note).allowed,
        may_resolve=note_policy.can_resolve_note(part, note).allowed,
        may_withdraw=note_policy.can_withdraw_note(part, note).allowed,
        may_reopen=note_policy.can_reopen_note(part, note).allowed,
    )


def _all(shown: Redline, to_read: Redline) -> list[SectionRedline]:
    """The sections of ``shown``, and those only the other comparison has: removed since the last edition."""
    here = {section.anchor for section in shown.sections}
    return [*shown.sections, *(section for section in to_read.sections if section.anchor not in here)]

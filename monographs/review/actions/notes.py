"""Notes between reviewers and writers: left, answered, resolved, withdrawn, reopened."""

from typing import Any

from django.utils import timezone

from monographs.editions.ledger import Event, append_entry
from monographs.redline import SectionRedline
from monographs.review import notifications, policy
from monographs.review.actions.base import Action, SubmissionAction
from monographs.review.models import Note, NoteReply, NoteStatus, Submission
from monographs.review.notes import CONTEXT, find_passage
from monographs.review.progress import progress_of
from monographs.review.refusals import ReviewRefused, Rule

#: Characters of a note, an answer or a passage: a page of typescript.
LONGEST = 4000


class AddNote(SubmissionAction[Note]):
    """Leave a note on a section of a text in review, or on the passage ``quote`` of it.

    ``prefix`` and ``suffix`` are words around the passage, so that it is found again in a later text.
    """

    name = "add note"

    def __init__(
        self,
        user: Any,
        submission: Submission,
        *,
        section: str,
        body: str,
        quote: str = "",
        prefix: str = "",
        suffix: str = "",
    ) -> None:
        super().__init__(user, submission)
        self.section = section
        self.body = body.strip()
        self.quote = quote.strip()
        self.prefix = prefix[-CONTEXT:]
        self.suffix = suffix[:CONTEXT]

    def perform(self) -> Note:
        submission = self.locked()
        policy.may_note(self.user, submission).enforce()
        check_words(self.body, "Write what should be looked at.")
        self._check_place(submission)
        note = Note.objects.create(
            key=submission.key,
            submission=submission,
            section=self.section,
            quote=self.quote,
            prefix=self.prefix if self.quote else "",
            suffix=self.suffix if self.quote else "",
            body=self.body,
            author=self.user,
            author_record=self.actor.as_record(),
        )
        record_note_event(
            Event.NOTED,
            self,
            note,
            submission=str(submission.uuid),
            section=note.section,
            quote=note.quote,
            body=note.body,
        )
        notifications.note_left(note, self.actor)
        return note

    def _check_place(self, submission: Submission) -> None:
        sections = {s.anchor: s for s in progress_of(self.user, submission).redline.sections}
        section = sections.get(self.section)
        if section is None:
            raise ReviewRefused(
                Rule.NO_SUCH_PLACE, "This text has no such section. Reload the page, then note it."
            )
        if self.quote and not _stands(self.quote, section):
            raise ReviewRefused(
                Rule.NO_SUCH_PLACE,
                f"These words do not stand in “{section.heading}”: copy the passage as it stands there, or "
                "leave it empty for a note on the whole section.",
            )


def _stands(quote: str, section: SectionRedline) -> bool:
    """Whether the words are, or were, in the section: a reviewer may ask for what was struck."""
    return any(find_passage(text, quote) for text in (section.new_text, section.old_text))


def check_words(words: str, empty: str) -> None:
    """Raise ``ReviewRefused`` for words that are missing (say ``empty``) or too many."""
    if not words:
        raise ReviewRefused(Rule.NO_WORDS, empty)
    if len(words) > LONGEST:
        raise ReviewRefused(Rule.NO_WORDS, f"This has {len(words)} characters. Say it in at most {LONGEST}.")


def record_note_event(event: Event, action: Action[Any], note: Note, **data: Any) -> None:
    """Write what happened to ``note`` to the ledger."""
    append_entry(event, action.actor, {"note": note.pk, **data}, subject=note.key)


class NoteAction(Action[Note]):
    """An attempt on one note. ``body`` is what is said with it."""

    def __init__(self, user: Any, note: Note, *, body: str = "") -> None:
        super().__init__(user)
        self.note = note
        self.body = body.strip()

    def subject(self) -> Any:
        return self.note.key

    def held(self) -> Note:
        """The note, held against others until the transaction ends.

        The page's submissions are held first: whoever signs holds them, and counts open notes.
        """
        list(Submission.objects.select_for_update(of=("self",)).filter(key=self.note.key).only("pk"))
        return Note.objects.select_for_update(of=("self",)).get(pk=self.note.pk)

    def part(self) -> policy.NoteFacts:
        """How the person stands to the page's notes."""
        return policy.note_facts(self.user, self.note.key)

    def reply(self, note: Note) -> None:
        """Keep the words said, if there are any."""
        if self.body:
            check_words(self.body, "")
            NoteReply.objects.create(
                note=note, body=self.body, author=self.user, author_record=self.actor.as_record()
            )

    def close(self, note: Note, status: NoteStatus, event: Event) -> Note:
        """Mark how and by whom an open note was settled."""
        self.reply(note)
        note.status, note.closed_at, note.closer = status, timezone.now(), self.actor.as_record()
        note.save(update_fields=["status", "closed_at", "closer"])
        record_note_event(event, self, note, body=self.body)
        return note


class AnswerNote(NoteAction):
    """Answer an open note; it stays open."""

    name = "answer note"

    def perform(self) -> Note:
        note = self.held()
        policy.may_answer(self.part(), note).enforce()
        check_words(self.body, "Write an answer.")
        self.reply(note)
        record_note_event(Event.NOTE_ANSWERED, self, note, body=self.body)
        notifications.note_answered(note, self.actor)
        return note


class ResolveNote(NoteAction):
    """Say that what a note asks for is done, with or without a word on how."""

    name = "resolve note"

    def perform(self) -> Note:
        note = self.held()
        policy.may_resolve(self.part(), note).enforce()
        self.close(note, NoteStatus.RESOLVED, Event.NOTE_RESOLVED)
        notifications.note_resolved(note, self.actor)
        return note


class WithdrawNote(NoteAction):
    """Take one's own note back."""

    name = "withdraw note"

    def perform(self) -> Note:
        note = self.held()
        policy.may_withdraw_note(self.part(), note).enforce()
        return self.close(note, NoteStatus.WITHDRAWN, Event.NOTE_WITHDRAWN)


class ReopenNote(NoteAction):
    """Open a settled note again."""

    name = "reopen note"

    def perform(self) -> Note:
        note = self.held()
        policy.may_reopen(self.part(), note).enforce()
        self.reply(note)
        note.status, note.closed_at, note.closer = NoteStatus.OPEN, None, None
        note.save(update_fields=["status", "closed_at", "closer"])
        record_note_event(Event.NOTE_REOPENED, self, note, body=self.body)
        return note

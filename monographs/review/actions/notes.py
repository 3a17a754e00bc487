"""Notes between reviewers and writers: added, answered, resolved, withdrawn, reopened."""

import uuid
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User

from monographs.core.db_clock import database_now
from monographs.editions.ledger import Event, append_entry
from monographs.pages.refusals import PolicyError, Rule
from monographs.redline import Redline, SectionRedline
from monographs.review import notifications, policy
from monographs.review.actions.base import Action, SubmissionAction
from monographs.review.models import Note, NoteReply, NoteStatus, Submission
from monographs.review.notes import CONTEXT, find_passage
from monographs.review.policies import note_policy
from monographs.review.progress import progress_of
from monographs.review.record_locks import lock_rows

#: Most characters of a note, an answer or a passage: a page of typescript.
MAX_LENGTH = 4000
#: A note or an answer with the same words within this time is the same one, sent again by a browser that got
#: no answer.
SENT_AGAIN_WITHIN = timedelta(minutes=10)


class AddNote(SubmissionAction[Note]):
    """Add a note on a section of a submission, or on the passage ``quote`` of it.

    ``prefix`` and ``suffix`` are the text around the passage, by which it is found again in a later text.
    """

    name = "add note"

    def __init__(
        self,
        user: User,
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
        policy.user_can_review(self.user, submission).enforce()
        check_body(self.body, "Write what should be looked at.")
        check_passage(progress_of(self.user, submission).redline, self.section, self.quote)
        if sent_before := self._sent_before(submission):
            return sent_before
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

    def _sent_before(self, submission: Submission) -> Note | None:
        same = {"submission": submission, "section": self.section, "quote": self.quote, "body": self.body}
        return Note.objects.filter(
            **same, author=self.user, status=NoteStatus.OPEN, at__gt=database_now() - SENT_AGAIN_WITHIN
        ).first()


def check_passage(redline: Redline, anchor: str, quote: str) -> None:
    """Raise ``PolicyError`` unless the text has the section ``anchor``, and ``quote`` stands in it."""
    section = {section.anchor: section for section in redline.sections}.get(anchor)
    if section is None:
        raise PolicyError(Rule.NO_SUCH_PLACE, "This text has no such section. Reload the page, then note it.")
    if quote and not _contains(section, quote):
        raise PolicyError(
            Rule.NO_SUCH_PLACE,
            f"These words do not stand in “{section.heading}”: copy the passage as it stands there, or "
            "leave it empty for a note on the whole section.",
        )


def _contains(section: SectionRedline, quote: str) -> bool:
    """Return whether ``quote`` is in the section's new or old text: a note may be on what was deleted."""
    return any(find_passage(text, quote) for text in (section.new_text, section.old_text))


def check_body(body: str, empty_message: str) -> None:
    """Raise ``PolicyError`` if ``body`` is empty (with ``empty_message``) or too long."""
    if not body:
        raise PolicyError(Rule.NO_WORDS, empty_message)
    if len(body) > MAX_LENGTH:
        raise PolicyError(Rule.NO_WORDS, f"This has {len(body)} characters. Say it in at most {MAX_LENGTH}.")


def record_note_event(event: Event, action: Action[Any], note: Note, **data: Any) -> None:
    """Record an event of ``note`` in the ledger."""
    append_entry(event, action.actor, {"note": note.pk, **data}, subject=note.key)


class NoteAction(Action[Note]):
    """An attempt on one note; ``body`` is the reply that comes with it, if any."""

    def __init__(self, user: User, note: Note, *, body: str = "") -> None:
        super().__init__(user)
        self.note = note
        self.body = body.strip()

    def subject(self) -> uuid.UUID:
        return self.note.key

    def locked(self) -> Note:
        """Return the note, its row locked until the transaction ends.

        The page's record is locked first, as signing does before it counts open notes.
        """
        lock_rows(self.note.key)
        return Note.objects.select_for_update(of=("self",)).get(pk=self.note.pk)

    def facts(self) -> note_policy.NoteFacts:
        """Return the user's relation to the page's notes."""
        return note_policy.note_facts(self.user, self.note.key)

    def reply(self, note: Note) -> None:
        """Store ``body`` as a reply, if there is one."""
        if self.body:
            check_body(self.body, "")
            NoteReply.objects.create(
                note=note, body=self.body, author=self.user, author_record=self.actor.as_record()
            )

    def close(self, note: Note, status: NoteStatus, event: Event) -> Note:
        """Store how and by whom an open note was closed."""
        self.reply(note)
        note.status, note.closed_at, note.closer = status, database_now(), self.actor.as_record()
        note.save(update_fields=["status", "closed_at", "closer"])
        record_note_event(event, self, note, body=self.body)
        return note


class AnswerNote(NoteAction):
    """Answer an open note; it stays open."""

    name = "answer note"

    def perform(self) -> Note:
        note = self.locked()
        note_policy.can_answer_note(self.facts(), note).enforce()
        check_body(self.body, "Write an answer.")
        last = note.replies.last()
        if last and (last.author_id, last.body) == (self.user.pk, self.body):
            return note  # sent again by a browser that got no answer
        self.reply(note)
        record_note_event(Event.NOTE_ANSWERED, self, note, body=self.body)
        notifications.note_answered(note, self.actor)
        return note


class ResolveNote(NoteAction):
    """Mark what a note asks for as done, with or without a reply."""

    name = "resolve note"

    def perform(self) -> Note:
        note = self.locked()
        note_policy.can_resolve_note(self.facts(), note).enforce()
        self.close(note, NoteStatus.RESOLVED, Event.NOTE_RESOLVED)
        notifications.note_resolved(note, self.actor, self.body)
        return note


class WithdrawNote(NoteAction):
    """Withdraw a note, by its author."""

    name = "withdraw note"

    def perform(self) -> Note:
        note = self.locked()
        note_policy.can_withdraw_note(self.facts(), note).enforce()
        return self.close(note, NoteStatus.WITHDRAWN, Event.NOTE_WITHDRAWN)


class ReopenNote(NoteAction):
    """Reopen a closed note."""

    name = "reopen note"

    def perform(self) -> Note:
        note = self.locked()
        note_policy.can_reopen_note(self.facts(), note).enforce()
        self.reply(note)
        note.status, note.closed_at, note.closer = NoteStatus.OPEN, None, None
        note.save(update_fields=["status", "closed_at", "closer"])
        record_note_event(Event.NOTE_REOPENED, self, note, body=self.body)
        return note

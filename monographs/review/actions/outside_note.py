"""Taking over what an outside expert says in a Word file as a note."""

import uuid

from django.contrib.auth.models import User

from monographs.editions.ledger import Event
from monographs.review import notifications
from monographs.review.actions.base import Action
from monographs.review.actions.notes import check_body, record_note_event
from monographs.review.models import UNDER_WAY, Note, NoteStatus, Submission
from monographs.review.policies import note_policy
from monographs.review.record_locks import lock_rows


class TakeOverNote(Action[Note]):
    """Take over a remark from outside as an open note on a section, or on the passage ``quote`` of it.

    The note is the user's, as its words are theirs to answer for; ``body`` says whose remark it was, and so
    does ``outsider``, by whom the words count as theirs as well. The same remark is taken over once.
    """

    name = "take over note"

    def __init__(
        self, user: User, key: uuid.UUID, *, section: str, body: str, quote: str = "", outsider: str = ""
    ) -> None:
        super().__init__(user)
        self.key = key
        self.section = section
        self.body = body.strip()
        self.quote = quote.strip()
        self.outsider = outsider

    def subject(self) -> uuid.UUID:
        return self.key

    def perform(self) -> Note:
        lock_rows(self.key)
        note_policy.can_take_over_note(note_policy.note_facts(self.user, self.key)).enforce()
        check_body(self.body, "There is nothing to take over.")
        remark = {"key": self.key, "section": self.section, "quote": self.quote, "body": self.body}
        if taken := Note.objects.filter(**remark, status=NoteStatus.OPEN).first():
            return taken
        submission = Submission.objects.filter(key=self.key, status__in=UNDER_WAY).first()
        note = Note.objects.create(
            **remark,
            submission=submission,
            author=self.user,
            author_record=self.actor.as_record(),
            outsider=self.outsider,
        )
        record_note_event(
            Event.NOTED,
            self,
            note,
            submission=str(submission.uuid) if submission else "",
            section=note.section,
            quote=note.quote,
            body=note.body,
            **({"outsider": note.outsider} if note.outsider else {}),
        )
        notifications.note_left(note, self.actor)
        return note

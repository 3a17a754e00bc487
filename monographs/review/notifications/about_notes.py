"""Notifications about notes."""

from monographs.editions.person import Person
from monographs.review.mentions import mentioned
from monographs.review.models import Note
from monographs.review.notes import heading_from_anchor
from monographs.review.notifications import recipients
from monographs.review.notifications.events import NoticeEvent
from monographs.review.notifications.messages import admin_url, compose, thread_of
from monographs.review.notifications.outbox import isolate_failures, queue_messages


@isolate_failures
def note_left(note: Note, by: Person) -> None:
    """Notify the writers of the text that a reviewer left a note.

    An outside expert mentions nobody: whoever has the link would choose who gets an email.
    """
    writers = recipients.writers_of(note.submission) if note.submission else set()
    told = set() if note.is_from_outside else _mention(note, by, f"note-{note.pk}", note.body)
    _notify(NoticeEvent.NOTE_LEFT, note, by, writers - told, f"note-{note.pk}", note.body)


@isolate_failures
def note_answered(note: Note, by: Person) -> None:
    """Notify everybody who takes part in the note of the last answer, or of why it was reopened."""
    last = note.replies.last()
    subject = f"note-{note.pk}/answer-{last.pk if last else 0}"
    words = last.body if last else ""
    told = _mention(note, by, subject, words)
    _notify(NoticeEvent.NOTE_ANSWERED, note, by, recipients.participants(note) - told, subject, words)


@isolate_failures
def note_resolved(note: Note, by: Person, body: str) -> None:
    """Notify the author of the note that it is resolved and no longer blocks signing.

    ``body`` is the answer that came with it, if any. Being mentioned in it does not say that it is resolved.
    """
    subject = f"note-{note.pk}/{note.closed_at.isoformat() if note.closed_at else 'open'}"
    _mention(note, by, subject, body)
    _notify(NoticeEvent.NOTE_RESOLVED, note, by, {note.author_id}, subject, body)


def _mention(note: Note, by: Person, subject: str, words: str) -> set[int]:
    """Notify those whom ``words`` mention, at once and instead of the other notice; return them."""
    people, _ = mentioned(note.key, words)
    told = {user.pk for user in people}
    if told:
        _notify(NoticeEvent.MENTIONED, note, by, {*told}, subject, words)
    return told


def _notify(
    event: NoticeEvent, note: Note, by: Person, people: set[int | None], subject: str, words: str
) -> None:
    submission = note.submission
    if submission is None:  # deleted with its page: nobody works on it any more
        return
    queue_messages(
        *compose(
            event,
            f"{thread_of(submission)}/{subject}",
            recipients.reachable_accounts(people, without=by),
            title=submission.title,
            heading=heading_from_anchor(note.section),
            note=note,
            words=words,
            by=by,
            url=f"{admin_url('review:review', submission.pk)}#note-{note.pk}",
        )
    )

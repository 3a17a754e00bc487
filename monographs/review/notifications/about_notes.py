"""What happened to a note on a text."""

from monographs.editions.person import Person
from monographs.review.models import Note
from monographs.review.notes import heading_of
from monographs.review.notifications import recipients
from monographs.review.notifications.events import NoticeEvent
from monographs.review.notifications.messages import address_of, compose, thread_of
from monographs.review.notifications.outbox import isolate_failures, queue_messages


@isolate_failures
def note_left(note: Note, by: Person) -> None:
    """Tell the text's writers what a reviewer asks for."""
    writers = recipients.writers_of(note.submission) if note.submission else set()
    _tell(NoticeEvent.NOTE_LEFT, note, by, writers, f"note-{note.pk}", note.body)


@isolate_failures
def note_answered(note: Note, by: Person) -> None:
    """Tell whoever takes part in the note what was said last: an answer, or why it is open again."""
    last = note.replies.last()
    which = f"note-{note.pk}/answer-{last.pk if last else 0}"
    _tell(NoticeEvent.NOTE_ANSWERED, note, by, recipients.concerned(note), which, last.body if last else "")


@isolate_failures
def note_resolved(note: Note, by: Person) -> None:
    """Tell its author that it keeps nobody from signing any more."""
    which = f"note-{note.pk}/{note.closed_at.isoformat() if note.closed_at else 'open'}"
    last = note.replies.filter(author_id=by.id).last()
    _tell(NoticeEvent.NOTE_RESOLVED, note, by, {note.author_id}, which, last.body if last else "")


def _tell(
    event: NoticeEvent, note: Note, by: Person, people: set[int | None], which: str, words: str
) -> None:
    submission = note.submission
    if submission is None:  # gone with its page: nobody writes there any more
        return
    queue_messages(
        compose(
            event,
            f"{thread_of(submission)}/{which}",
            recipients.reached(people, without=by),
            title=submission.title,
            heading=heading_of(note.section),
            note=note,
            words=words,
            by=by,
            address=f"{address_of('review:review', submission.pk)}#note-{note.pk}",
        )
    )

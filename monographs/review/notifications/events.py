"""What is told, and how soon."""

from enum import StrEnum


class NoticeEvent(StrEnum):
    """One kind of news; its value names its templates in ``templates/emails/`` and is kept in a notice."""

    ASKED = "asked"
    RETURNED = "returned"
    SIGNED = "signed"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    SIGNATURE_VOID = "signature_void"
    WITHDRAWN = "withdrawn"
    NOT_PUBLISHED = "not_published"
    NOTE_LEFT = "note_left"
    NOTE_ANSWERED = "note_answered"
    NOTE_RESOLVED = "note_resolved"
    SUBMISSION_DUE = "submission_due"
    EDITION_DUE = "edition_due"
    NOTES = "notes"
    REMINDERS = "reminders"
    DIGEST = "digest"


#: What took something back, or could harm if it waited. Sent at once, whatever somebody prefers.
URGENT = frozenset(
    {
        NoticeEvent.RETURNED,
        NoticeEvent.SIGNATURE_VOID,
        NoticeEvent.WITHDRAWN,
        NoticeEvent.NOT_PUBLISHED,
    }
)
#: Reviewers leave several in a row, so they are told together once nobody has added one for a while.
OF_NOTES = frozenset({NoticeEvent.NOTE_LEFT, NoticeEvent.NOTE_ANSWERED, NoticeEvent.NOTE_RESOLVED})
#: Many can fall on one day, so one run tells a person of all of them in one mail.
OF_DAYS = frozenset({NoticeEvent.SUBMISSION_DUE, NoticeEvent.EDITION_DUE})
#: Mails that hold other notices.
GATHERINGS = frozenset({NoticeEvent.NOTES, NoticeEvent.REMINDERS, NoticeEvent.DIGEST})
#: What asks somebody to review a text; pointless once that review has ended.
OF_ONE_REVIEW = frozenset({NoticeEvent.ASKED, NoticeEvent.SUBMISSION_DUE})

_TAKES_PART = "You get this mail because you wrote, submitted or signed this text."
_MAY_SIGN = "You get this mail because you may sign this text."
_GATHERED = "You get this mail because you take part in these reviews."

#: Why somebody gets a mail, as its last lines say.
WHY: dict[NoticeEvent, str] = {
    NoticeEvent.ASKED: _MAY_SIGN,
    NoticeEvent.RETURNED: "You get this mail because you wrote or submitted this text.",
    NoticeEvent.SIGNED: "You get this mail because you submitted this text.",
    NoticeEvent.SCHEDULED: _TAKES_PART,
    NoticeEvent.PUBLISHED: _TAKES_PART,
    NoticeEvent.SIGNATURE_VOID: "You get this mail because you signed this text.",
    NoticeEvent.WITHDRAWN: "You get this mail as an editor, or because you took part in this text.",
    NoticeEvent.NOT_PUBLISHED: "You get this mail as an editor.",
    NoticeEvent.NOTE_LEFT: "You get this mail because you wrote or submitted this text.",
    NoticeEvent.NOTE_ANSWERED: "You get this mail because you wrote this text or one of its notes.",
    NoticeEvent.NOTE_RESOLVED: "You get this mail because the note is yours.",
    NoticeEvent.SUBMISSION_DUE: "You get this mail because you may sign this text, or as an editor.",
    NoticeEvent.EDITION_DUE: "You get this mail as an editor, or because you wrote or submitted this text.",
    NoticeEvent.NOTES: _GATHERED,
    NoticeEvent.REMINDERS: _GATHERED,
    NoticeEvent.DIGEST: "You get this mail because you asked for one mail a day.",
}

"""The events that people are notified of, and how soon."""

from enum import StrEnum


class NoticeEvent(StrEnum):
    """A kind of notification. The value names its templates in ``templates/emails/`` and is stored."""

    ASKED = "asked"
    RETURNED = "returned"
    SIGNED = "signed"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    SIGNATURE_VOID = "signature_void"
    WITHDRAWN = "withdrawn"
    RETIREMENT_PROPOSED = "retirement_proposed"
    NOT_PUBLISHED = "not_published"
    BUNDLE_CHANGED = "bundle_changed"
    LABEL_CHANGED = "label_changed"
    LABEL_NOTICED = "label_noticed"
    LABEL_DUE = "label_due"
    SOURCE_CHANGED = "source_changed"
    LABELS_VANISHED = "labels_vanished"
    SOURCE_DUE = "source_due"
    SENTENCE_ASKED = "sentence_asked"
    NOTE_LEFT = "note_left"
    NOTE_ANSWERED = "note_answered"
    NOTE_RESOLVED = "note_resolved"
    SUGGESTED = "suggested"
    SUGGESTION_ANSWERED = "suggestion_answered"
    MENTIONED = "mentioned"
    TERMS_CHANGED = "terms_changed"
    REVIEW_ASSIGNED = "review_assigned"
    TAKEN_OVER = "taken_over"
    DRAFT_SET_ASIDE = "draft_set_aside"
    DRAFT_TO_MERGE = "draft_to_merge"
    DRAFT_LEFT = "draft_left"
    SUBMISSION_DUE = "submission_due"
    EDITION_DUE = "edition_due"
    NOTES = "notes"
    LABELS = "labels"
    REMINDERS = "reminders"
    ASSIGNMENTS = "assignments"
    DIGEST = "digest"


#: Sent at once, whatever the recipient prefers: something was taken back, or a delay could do harm.
URGENT = frozenset(
    {
        NoticeEvent.RETURNED,
        NoticeEvent.SIGNATURE_VOID,
        NoticeEvent.WITHDRAWN,
        NoticeEvent.NOT_PUBLISHED,
        NoticeEvent.BUNDLE_CHANGED,
    }
)
#: Collected, because reviewers leave several notes in succession: see ``digest.QUIET_PERIOD``.
NOTE_EVENTS = frozenset(
    {
        NoticeEvent.NOTE_LEFT,
        NoticeEvent.NOTE_ANSWERED,
        NoticeEvent.NOTE_RESOLVED,
        NoticeEvent.SUGGESTED,
        NoticeEvent.SUGGESTION_ANSWERED,
    }
)
#: Collected, because many can be due on one day: one email for each recipient and run.
REMINDER_EVENTS = frozenset(
    {NoticeEvent.SUBMISSION_DUE, NoticeEvent.EDITION_DUE, NoticeEvent.LABEL_DUE, NoticeEvent.SOURCE_DUE}
)
#: Collected, because one round of checks may find changes in hundreds of labels.
LABEL_EVENTS = frozenset({NoticeEvent.LABEL_CHANGED, NoticeEvent.LABEL_NOTICED})
#: Collected with those of labels, because one address or guideline may be a source of hundreds of pages.
SOURCE_EVENTS = frozenset({NoticeEvent.SOURCE_CHANGED})
#: Collected, because an editor changes the terms of several submissions, or who is asked for several due
#: reviews, at once: see ``deliver_terms``.
TERMS_EVENTS = frozenset({NoticeEvent.TERMS_CHANGED, NoticeEvent.REVIEW_ASSIGNED})
#: Not sent as emails of their own.
COLLECTED = NOTE_EVENTS | REMINDER_EVENTS | TERMS_EVENTS | LABEL_EVENTS | SOURCE_EVENTS
#: Emails that contain other notices.
COLLECTIONS = frozenset(
    {
        NoticeEvent.NOTES,
        NoticeEvent.LABELS,
        NoticeEvent.REMINDERS,
        NoticeEvent.ASSIGNMENTS,
        NoticeEvent.DIGEST,
    }
)
#: Requests to review a text; obsolete once that review has ended.
REVIEW_REQUESTS = frozenset({NoticeEvent.ASKED, NoticeEvent.SUBMISSION_DUE, NoticeEvent.TERMS_CHANGED})

#: Sent to who stands in for a recipient who is away, too: assignments, reminders, and what comes due.
DELEGATED = (
    REVIEW_REQUESTS
    | LABEL_EVENTS
    | SOURCE_EVENTS
    | {
        NoticeEvent.REVIEW_ASSIGNED,
        NoticeEvent.EDITION_DUE,
        NoticeEvent.LABEL_DUE,
        NoticeEvent.SOURCE_DUE,
        NoticeEvent.TAKEN_OVER,
    }
)

_TAKES_PART = "You get this email because you wrote, submitted or signed this text."
_MAY_SIGN = "You get this email because you may sign this text."
_IN_COLLECTION = "You get this email because you take part in these reviews."
_WROTE_DRAFT = "You get this email because you wrote in this draft."
_RESTS_ON_LABEL = "You get this email as an editor, or because you wrote or signed a text on a label."

#: Why a person is a recipient, for the footer of the email.
RECIPIENT_REASONS: dict[NoticeEvent, str] = {
    NoticeEvent.ASKED: _MAY_SIGN,
    NoticeEvent.RETURNED: "You get this email because you wrote or submitted this text.",
    NoticeEvent.SIGNED: "You get this email because you submitted this text.",
    NoticeEvent.SCHEDULED: _TAKES_PART,
    NoticeEvent.PUBLISHED: (
        "You get this email because you wrote, submitted or signed this text, or as an editor."
    ),
    NoticeEvent.SIGNATURE_VOID: "You get this email because you signed this text.",
    NoticeEvent.WITHDRAWN: "You get this email as an editor, or because you took part in this text.",
    NoticeEvent.RETIREMENT_PROPOSED: "You get this email because you may sign it, or as an editor.",
    NoticeEvent.NOT_PUBLISHED: "You get this email as an editor.",
    NoticeEvent.BUNDLE_CHANGED: "You get this email as an editor, or because you signed texts of the bundle.",
    NoticeEvent.LABEL_CHANGED: "You get this email because you wrote or signed this text, or as an editor.",
    NoticeEvent.LABEL_NOTICED: _RESTS_ON_LABEL,
    NoticeEvent.LABEL_DUE: "You get this email as an editor, or because you wrote or submitted this text.",
    NoticeEvent.SOURCE_CHANGED: "You get this email because you wrote or signed this text, or as an editor.",
    NoticeEvent.SOURCE_DUE: "You get this email as an editor, or because you wrote or submitted this text.",
    NoticeEvent.LABELS_VANISHED: "You get this email as an editor or an administrator.",
    NoticeEvent.SENTENCE_ASKED: "You get this email because you may sign it, or as an editor.",
    NoticeEvent.NOTE_LEFT: "You get this email because you wrote or submitted this text.",
    NoticeEvent.NOTE_ANSWERED: "You get this email because you wrote this text or one of its notes.",
    NoticeEvent.NOTE_RESOLVED: "You get this email because the note is yours.",
    NoticeEvent.SUGGESTED: "You get this email because you wrote or submitted this text.",
    NoticeEvent.SUGGESTION_ANSWERED: "You get this email because the suggestion is yours.",
    NoticeEvent.MENTIONED: "You get this email because somebody mentions you.",
    NoticeEvent.TERMS_CHANGED: "You get this email because you are asked to review, or submitted, this text.",
    NoticeEvent.REVIEW_ASSIGNED: "You get this email because you are, or were, asked to review this page.",
    NoticeEvent.TAKEN_OVER: "You get this email because the work of somebody who left is yours now.",
    NoticeEvent.DRAFT_SET_ASIDE: _WROTE_DRAFT,
    NoticeEvent.DRAFT_TO_MERGE: "You get this email because you wrote in this draft, or as an editor.",
    NoticeEvent.DRAFT_LEFT: _WROTE_DRAFT,
    NoticeEvent.SUBMISSION_DUE: "You get this email because you may sign this text, or as an editor.",
    NoticeEvent.EDITION_DUE: (
        "You get this email as an editor, or because you wrote or submitted this text, or are asked to "
        "review it."
    ),
    NoticeEvent.NOTES: _IN_COLLECTION,
    NoticeEvent.LABELS: "You get this email as an editor, or because you wrote or signed a text on these.",
    NoticeEvent.REMINDERS: _IN_COLLECTION,
    NoticeEvent.ASSIGNMENTS: _IN_COLLECTION,
    NoticeEvent.DIGEST: "You get this email because you asked for one email a day.",
}

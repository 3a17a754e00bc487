"""A reviewer's progress with a submission: what is left to read, to tick and to settle before signing.

``Progress.verdict`` alone decides whether anything is left, for the screen and the action alike.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.contrib.auth.models import User
from django.db.models import DateTimeField, IntegerField, TextField, UUIDField

from monographs.core.compiled_query import CompiledQuery, Parameter, among
from monographs.document import CanonicalText
from monographs.editions.models import Edition
from monographs.editions.queries import current_edition
from monographs.pages.refusals import Rule
from monographs.redline import Redline, SectionRedline, redline
from monographs.review.models import (
    UNDER_WAY,
    ChecklistStatement,
    Note,
    SectionRead,
    Submission,
    Suggestion,
    SuggestionStatus,
    Tick,
)
from monographs.review.notes import open_notes
from monographs.review.policy import ALLOWED, Verdict

#: The checklist of a new site by kind of document, once its set-up has run; editors change it.
DEFAULT_STATEMENTS = (
    ("monograph", "Doses, units and how often they are taken were checked against the label."),
    ("monograph", "Every serious side effect says what to do and how soon."),
    ("drug_class", "What is said here is true of every medicine in the class."),
    ("condition", "What is said of treatment fits every medicine listed here."),
    ("home", "The telephone numbers and what to do in an emergency were checked."),
    ("information", "What this page promises is what this organisation does."),
    ("standard_text", "These words are true of every page that may include them."),
    ("", "The sources named say what the text says."),
)


def active_statements(kind: str) -> list[str]:
    """Return the statements that signers of a document of ``kind`` submitted now must tick, in order."""
    statements = ChecklistStatement.objects.filter(active=True, kind__in=["", kind])
    return list(statements.values_list("text", flat=True))


def create_default_statements() -> None:
    """Create the default checklist if there are no statements at all, not even inactive ones."""
    if not ChecklistStatement.objects.exists():
        ChecklistStatement.objects.bulk_create(
            ChecklistStatement(text=text, kind=kind, sort_order=place)
            for place, (kind, text) in enumerate(DEFAULT_STATEMENTS, start=1)
        )


def sections_to_read(compared: Redline) -> tuple[SectionRedline, ...]:
    """Return the sections a signer must have read: those that changed, or all if none did.

    All sections of a first edition count as changed. A text reviewed again unchanged, or restored after a
    withdrawal, is read whole, because its signature states that it was.
    """
    return compared.changed or compared.sections


@dataclass(frozen=True, slots=True)
class Progress:
    """One reviewer's progress with one submission.

    ``read`` and ``ticked`` map section anchors and statements to when the reviewer marked them; ``notes`` and
    ``suggestions`` are the page's open ones.
    """

    edition: Edition | None
    redline: Redline
    to_read: tuple[SectionRedline, ...]
    read: Mapping[str, datetime]
    statements: tuple[str, ...]
    ticked: Mapping[str, datetime]
    notes: tuple[Note, ...]
    suggestions: tuple[Suggestion, ...]

    @property
    def done(self) -> int:
        """The number of sections to read that are marked as read."""
        return len(self.to_read) - len(self.unread)

    @property
    def unread(self) -> tuple[SectionRedline, ...]:
        """Sections left to read."""
        return tuple(section for section in self.to_read if section.anchor not in self.read)

    @property
    def unticked(self) -> tuple[str, ...]:
        """Statements left to tick."""
        return tuple(statement for statement in self.statements if statement not in self.ticked)

    def verdict(self) -> Verdict:
        """Return ``ALLOWED`` if nothing is left to do before signing; otherwise name what is left."""
        rules = (
            (Rule.NOT_READ, self.unread, "Read what changed, and mark it as read"),
            (Rule.NOT_TICKED, self.unticked, "Tick the checklist"),
            (Rule.OPEN_NOTES, self.notes, "Notes are open that must be resolved or withdrawn"),
            (
                Rule.OPEN_SUGGESTIONS,
                self.suggestions,
                "Suggestions are open that must be answered or withdrawn",
            ),
        )
        left = [(rule, f"{what}: {_names_of(missing)}.") for rule, missing, what in rules if missing]
        if not left:
            return ALLOWED
        return Verdict(False, left[0][0], " ".join(["Not ready to sign.", *(message for _, message in left)]))

    def as_record(self) -> dict[str, Any]:
        """Return what was read and ticked, by value, as the ledger stores it."""
        return {
            "sections": [
                {"section": section.anchor, "heading": section.heading, "digest": section.digest}
                for section in self.to_read
                if section.anchor in self.read
            ],
            "statements": [statement for statement in self.statements if statement in self.ticked],
        }


def _names_of(missing: Iterable[SectionRedline | str | Note | Suggestion]) -> str:
    return ", ".join(_name_of(item) for item in missing)


def _name_of(item: SectionRedline | str | Note | Suggestion) -> str:
    match item:
        case SectionRedline():
            return item.heading
        case Note():
            return f"{item.author_person.name}’s “{_shortened(item.body)}”"
        case Suggestion():
            return f"{item.author_person.name}’s “{_shortened(item.new_words or item.old_words)}”"
        case str():
            return f"“{_shortened(item)}”"


#: Redlines kept in memory, some 100 kB each: signing compares the same texts as the screen before it, which
#: may have those of a whole bundle.
KEPT_REDLINES = 128
#: Characters of a note or a statement that a message quotes.
QUOTE_LENGTH = 60


def _shortened(text: str) -> str:
    line = " ".join(text.split()).rstrip(".")
    return line if len(line) <= QUOTE_LENGTH else f"{line[:QUOTE_LENGTH].rstrip()}…"


@lru_cache(maxsize=KEPT_REDLINES)
def compared_texts(old: str | None, new: str) -> Redline:
    """Return the redline of two canonical texts; cached by the texts, so it is never out of date."""
    return redline(CanonicalText(old).document if old else None, CanonicalText(new).document)


def compared_with(submission: Submission) -> Edition | None:
    """Return the edition that ``submission`` is compared with.

    While it is under way, that is the current one; later the one before it.
    """
    if submission.status in UNDER_WAY:
        return current_edition(submission.key)
    return Edition.objects.of(submission.key).filter(created_at__lt=submission.submitted_at).first()


#: A moment before every mark.
BEFORE_ALL = datetime.min.replace(tzinfo=UTC)
_USER = Parameter("user", IntegerField())
_TICKED: CompiledQuery[tuple[str, datetime]] = CompiledQuery(
    lambda: Tick.objects.filter(submission=Parameter("submission", IntegerField()), user=_USER).values_list(
        "statement", "at"
    )
)
_SUGGESTED: CompiledQuery[Suggestion] = CompiledQuery(
    lambda: Suggestion.objects.filter(key=Parameter("key", UUIDField()), status=SuggestionStatus.OPEN)
)
_READ: CompiledQuery[tuple[str, str, datetime]] = CompiledQuery(
    lambda: SectionRead.objects.filter(
        among("digest", Parameter("digests", TextField())),
        key=Parameter("key", UUIDField()),
        user=_USER,
        at__gt=Parameter("after", DateTimeField()),
    ).values_list("section", "digest", "at")
)


def progress_of(user: User, submission: Submission) -> Progress:
    """Return the progress of ``user`` with ``submission``, in six queries."""
    edition = compared_with(submission)
    compared = compared_texts(edition.canonical if edition else None, submission.canonical)
    to_read = sections_to_read(compared)
    return Progress(
        edition=edition,
        redline=compared,
        to_read=to_read,
        read=_read(user, submission.key, to_read, edition),
        statements=tuple(submission.checklist),
        ticked=dict(_TICKED.rows(submission=submission.pk, user=user.pk)),
        notes=tuple(open_notes(submission.key)),
        suggestions=tuple(_SUGGESTED.rows(key=submission.key)),
    )


def _read(
    user: User, key: uuid.UUID, sections: tuple[SectionRedline, ...], edition: Edition | None
) -> dict[str, datetime]:
    """Return when each of ``sections`` was marked as read, with its text as it is now.

    Marks from before the newest edition do not count: a change made a second time, or the same text reviewed
    again a year later, must be read again.
    """
    marks = _READ.rows(
        key=key,
        user=user.pk,
        digests=[section.digest for section in sections],
        after=edition.created_at if edition else BEFORE_ALL,
    )
    marked = {(section, digest): at for section, digest, at in marks}
    return {s.anchor: marked[s.anchor, s.digest] for s in sections if (s.anchor, s.digest) in marked}


def last_viewed(user: User, submission: Submission) -> Submission | None:
    """Return the latest earlier submission of the same page that ``user`` opened."""
    return (
        Submission.objects.filter(
            key=submission.key, views__user=user, submitted_at__lt=submission.submitted_at
        )
        .order_by("-submitted_at")
        .first()
    )

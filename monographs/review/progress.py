"""How far somebody has come with a text: what is left to read, to tick and to settle before they may sign.

The screen, the action and whatever else asks are answered by ``Progress.verdict`` alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monographs.editions.models import Edition
from monographs.editions.queries import current_edition
from monographs.redline import Redline, SectionRedline, redline
from monographs.review.models import UNDER_WAY, Note, SectionRead, Submission, Tick
from monographs.review.notes import open_notes
from monographs.review.policy import YES, Verdict
from monographs.review.refusals import Rule


def sections_to_read(compared: Redline) -> tuple[SectionRedline, ...]:
    """What a signer must have read: what changed, or every section where nothing did.

    A first edition has changed throughout. A text that is reviewed again as it is, or brought back after a
    withdrawal, is read whole: its signature says that it was.
    """
    return compared.changed or compared.sections


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one person has come with one submission.

    ``read`` maps the anchor of each section they have marked to when they did; ``notes`` are the page's open
    ones.
    """

    edition: Edition | None
    redline: Redline
    to_read: tuple[SectionRedline, ...]
    read: Mapping[str, datetime]
    statements: tuple[str, ...]
    ticked: Mapping[str, datetime]
    notes: tuple[Note, ...]

    @property
    def done(self) -> int:
        """How many of the sections to read are read."""
        return len(self.to_read) - len(self.unread)

    @property
    def unread(self) -> tuple[SectionRedline, ...]:
        """What is left to read."""
        return tuple(section for section in self.to_read if section.anchor not in self.read)

    @property
    def unticked(self) -> tuple[str, ...]:
        """Statements left to tick."""
        return tuple(statement for statement in self.statements if statement not in self.ticked)

    def verdict(self) -> Verdict:
        """Whether nothing is left that keeps this person from signing; else what, by name."""
        rules = (
            (Rule.NOT_READ, self.unread, "Read what changed, and mark it as read"),
            (Rule.NOT_TICKED, self.unticked, "Tick the checklist"),
            (Rule.OPEN_NOTES, self.notes, "Notes are open that must be resolved or withdrawn"),
        )
        left = [(rule, f"{what}: {_named(missing)}.") for rule, missing, what in rules if missing]
        if not left:
            return YES
        return Verdict(False, left[0][0], " ".join(["Not ready to sign.", *(words for _, words in left)]))

    def as_record(self) -> dict[str, Any]:
        """What was read and ticked, by value, for the ledger."""
        return {
            "sections": [
                {"section": section.anchor, "heading": section.heading, "digest": section.digest}
                for section in self.to_read
                if section.anchor in self.read
            ],
            "statements": [statement for statement in self.statements if statement in self.ticked],
        }


def _named(missing: Any) -> str:
    return ", ".join(_name(each) for each in missing)


def _name(each: SectionRedline | str | Note) -> str:
    match each:
        case SectionRedline():
            return each.heading
        case Note():
            return f"{each.author_person.name}’s “{_short(each.body)}”"
        case str():
            return f"“{_short(each)}”"


#: Characters of a note or a statement that a message repeats.
LONGEST = 60


def _short(text: str) -> str:
    words = " ".join(text.split()).rstrip(".")
    return words if len(words) <= LONGEST else f"{words[:LONGEST].rstrip()}…"


def compared_with(submission: Submission) -> Edition | None:
    """What ``submission`` is, or was, a change of: patients' text while it waits, later the one before it."""
    if submission.status in UNDER_WAY:
        return current_edition(submission.key)
    return Edition.objects.of(submission.key).filter(created_at__lt=submission.submitted_at).first()


def progress_of(user: Any, submission: Submission) -> Progress:
    """How far ``user`` has come with ``submission``. Five queries."""
    edition = compared_with(submission)
    compared = redline(edition.document if edition else None, submission.document)
    to_read = sections_to_read(compared)
    return Progress(
        edition=edition,
        redline=compared,
        to_read=to_read,
        read=_read(user, submission.key, to_read, edition),
        statements=tuple(submission.checklist),
        ticked=dict(Tick.objects.filter(submission=submission, user=user).values_list("statement", "at")),
        notes=tuple(open_notes(submission.key)),
    )


def _read(
    user: Any, key: Any, sections: tuple[SectionRedline, ...], edition: Edition | None
) -> dict[str, datetime]:
    """When each of ``sections`` was marked, as it reads now.

    Marks from before the newest edition do not count: the same change made a second time, or the same text
    reviewed again a year later, is read again.
    """
    marks = SectionRead.objects.filter(
        key=key, user=user, digest__in=[section.digest for section in sections]
    )
    if edition:
        marks = marks.filter(at__gt=edition.created_at)
    marked = {(section, digest): at for section, digest, at in marks.values_list("section", "digest", "at")}
    return {s.anchor: marked[s.anchor, s.digest] for s in sections if (s.anchor, s.digest) in marked}


def last_looked_at(user: Any, submission: Submission) -> Submission | None:
    """The latest earlier submission of the same page that ``user`` opened."""
    return (
        Submission.objects.filter(
            key=submission.key, looks__user=user, submitted_at__lt=submission.submitted_at
        )
        .order_by("-submitted_at")
        .first()
    )

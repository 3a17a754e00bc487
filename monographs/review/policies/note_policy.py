"""Who may do what with a page's notes."""

import uuid
from dataclasses import dataclass

from django.contrib.auth.models import User

from monographs.pages.refusals import Rule
from monographs.review.models import Note, Submission, SubmissionStatus
from monographs.review.policy import ALLOWED, INACTIVE, Verdict, excluded_users, is_reviewer
from monographs.review.publication.page_sync import page_of


@dataclass(frozen=True, slots=True)
class NoteFacts:
    """A user's relation to a page's notes, on which the decisions below depend.

    ``can_sign`` is a reviewer who did not contribute to the text. ``scheduled``: a signed text of the page
    is scheduled.
    """

    user_id: int
    active: bool
    can_edit: bool
    reviewer: bool
    can_sign: bool
    scheduled: bool


def note_facts(user: User, key: uuid.UUID) -> NoteFacts:
    """Return how ``user`` relates to the notes of the page ``key``."""
    page = page_of(key)
    reviewer = is_reviewer(user)
    return NoteFacts(
        user_id=user.pk,
        active=bool(user.is_active),
        can_edit=page is not None and page.permissions_for_user(user).can_edit(),
        reviewer=reviewer,
        can_sign=reviewer and not excluded_users(key).contains(user.pk, user.get_username()),
        scheduled=Submission.objects.filter(key=key, status=SubmissionStatus.SCHEDULED).exists(),
    )


def can_answer_note(facts: NoteFacts, note: Note) -> Verdict:
    """Return whether an open note may be answered: reviewers and those who may edit the page may."""
    return _takes_part(facts) if note.is_open else _closed(note)


def can_resolve_note(facts: NoteFacts, note: Note) -> Verdict:
    """Return whether an open note may be marked as resolved: its author and writers of the page may.

    A reviewer who could sign the text does not resolve another reviewer's note.
    """
    if not note.is_open:
        return _closed(note)
    verdict = _takes_part(facts)
    if verdict.allowed and facts.can_sign and facts.user_id != note.author_id:
        if note.is_from_outside:
            return _from_outside("An outside expert’s note is not yours to settle.")
        name = note.author_person.name
        return Verdict(
            False,
            Rule.NOT_ALLOWED_HERE,
            f"Another reviewer’s note is not yours to settle. A writer resolves it, or {name} withdraws it.",
        )
    return verdict


def can_withdraw_note(facts: NoteFacts, note: Note) -> Verdict:
    """Return whether an open note may be withdrawn: only its author may, who has an account."""
    if not note.is_open:
        return _closed(note)
    if facts.active and facts.user_id == note.author_id:
        return ALLOWED
    if note.is_from_outside:
        return _from_outside("Nobody withdraws an outside expert’s note.")
    name = note.author_person.name
    return Verdict(False, Rule.NOT_ALLOWED_HERE, f"Only {name} may withdraw this note. You can answer it.")


def can_take_over_note(facts: NoteFacts) -> Verdict:
    """Return whether a remark from outside may be taken over as a note: who takes part in notes may.

    Not while a signed text is scheduled, as for ``can_reopen_note``.
    """
    return _while_scheduled() if facts.scheduled else _takes_part(facts)


def can_reopen_note(facts: NoteFacts, note: Note) -> Verdict:
    """Return whether a closed note may be reopened: anybody who takes part in the page's notes may.

    Not while a signed text is scheduled: nobody would sign it again.
    """
    if note.is_open:
        return Verdict(False, Rule.NOTE_OPEN, "This note is open.")
    return _while_scheduled() if facts.scheduled else _takes_part(facts)


def _from_outside(refused: str) -> Verdict:
    return Verdict(False, Rule.NOT_ALLOWED_HERE, f"{refused} A writer of the page resolves it.")


def _while_scheduled() -> Verdict:
    return Verdict(
        False, Rule.SCHEDULED, "A signed text of this page waits for its day. Recall it first to change it."
    )


def _takes_part(facts: NoteFacts) -> Verdict:
    if not facts.active:
        return Verdict(False, Rule.INACTIVE, INACTIVE)
    if facts.reviewer or facts.can_edit:
        return ALLOWED
    return Verdict(
        False,
        Rule.NOT_ALLOWED_HERE,
        "Only reviewers, and those who may edit the page, take part in its notes.",
    )


def _closed(note: Note) -> Verdict:
    closer = note.closer_person
    by = f" by {closer.name}" if closer else ""
    return Verdict(
        False,
        Rule.NOTE_CLOSED,
        f"This note is {note.get_status_display().lower()}{by}. Reopen it to say more.",
    )

"""Making and revoking a link for an outside expert, and the note that an expert leaves by one."""

import uuid
from typing import Any

from django.contrib.auth.models import User

from monographs.core.conflict_retry import retry_conflicts
from monographs.core.db_clock import database_now
from monographs.core.locks import lock_page_keys
from monographs.core.users import AnyUser
from monographs.editions.ledger import Event, append_entry
from monographs.editions.person import SYSTEM, Person
from monographs.pages.refusals import PolicyError, Rule
from monographs.redline import Redline
from monographs.review import notifications
from monographs.review.actions.base import Action, SubmissionAction
from monographs.review.actions.notes import check_body, check_passage
from monographs.review.models import Note, NoteStatus, OutsideLink, Submission, VisitKind
from monographs.review.outside_link_end import end_of
from monographs.review.outside_review.link_keys import (
    LONGEST_DAYS,
    key_of_form,
    link_of_key,
    log_visit,
    make_link,
    signed,
)
from monographs.review.policies.editor_policy import editor_or_superuser
from monographs.review.policy import Verdict
from monographs.review.progress import compared_texts, compared_with
from monographs.review.record_locks import lock_rows
from monographs.review.record_transaction import record_transaction

#: Notes that one link can leave.
MOST_NOTES = 100
NOT_FOR_YOU = "Only editors and administrators make links for outside experts. Ask one of them."
MADE_AND_ENDED = (
    "This form made its link before, and that has ended. Load the page again to make another one."
)


def user_can_make_link(user: AnyUser, submission: Submission) -> Verdict:
    """Return whether ``user`` may let somebody without an account read ``submission``."""
    verdict = editor_or_superuser(user, NOT_FOR_YOU)
    if verdict.allowed and not submission.is_open:
        return Verdict(False, Rule.NOT_IN_REVIEW, "This text is no longer in review, so nobody reviews it.")
    return verdict


class MakeOutsideLink(SubmissionAction[str]):
    """Make a link for ``expert`` that ends after ``days``; returns its key, which is stored nowhere.

    ``form`` is the random identifier of the form: sent again, as by a double click, it shows the link that it
    made.
    """

    name = "make outside link"

    def __init__(self, user: User, submission: Submission, *, expert: str, days: int, form: str = "") -> None:
        super().__init__(user, submission)
        self.expert = " ".join(expert.split())
        self.days = days
        self.key = key_of_form(form, user.pk, submission.pk, self.expert, days)

    def perform(self) -> str:
        submission = self.locked()
        user_can_make_link(self.user, submission).enforce()
        if not self.expert:
            raise PolicyError(Rule.NO_WORDS, "Say who it is for: their notes carry the name.")
        if self.expert.casefold() == SYSTEM.name:
            raise PolicyError(
                Rule.NO_WORDS, "The record calls the service itself so. Write the expert’s name."
            )
        check_days(self.days)
        if made_before := link_of_key(self.key):
            if end_of(made_before):
                raise PolicyError(Rule.NOT_ALLOWED_HERE, MADE_AND_ENDED)
            return signed(self.key)
        link, key = make_link(submission, self.expert, self.days, self.actor, self.key)
        append_entry(Event.OUTSIDE_LINK_MADE, self.actor, record_of(link), subject=submission.key)
        return key


def check_days(days: int) -> None:
    """Raise ``PolicyError`` unless a link can last ``days``."""
    if not 1 <= days <= LONGEST_DAYS:
        raise PolicyError(Rule.OUT_OF_RANGE, f"A link lasts from 1 to {LONGEST_DAYS} days.")


def record_of(link: OutsideLink) -> dict[str, Any]:
    """Return what the ledger's entry of a new link says."""
    return {
        "submission": str(link.submission.uuid),
        "link": link.pk,
        "expert": link.expert,
        "expires_at": link.expires_at.isoformat(),
    }


class RevokeOutsideLink(Action[OutsideLink]):
    """End a link at once."""

    name = "revoke outside link"

    def __init__(self, user: User, link: OutsideLink) -> None:
        super().__init__(user)
        self.link = link

    def subject(self) -> uuid.UUID:
        return self.link.submission.key

    def perform(self) -> OutsideLink:
        link = OutsideLink.objects.select_for_update(of=("self",)).get(pk=self.link.pk)
        editor_or_superuser(self.user, NOT_FOR_YOU).enforce()
        if link.revoked_at is None:
            revoke_link(link, self.actor)
        return link


def revoke_link(link: OutsideLink, by: Person) -> None:
    """End ``link``, which is open and whose row is locked, and record it."""
    link.revoked_at = database_now()
    link.save(update_fields=["revoked_at"])
    data = {"submission": str(link.submission.uuid), "link": link.pk, "expert": link.expert}
    append_entry(Event.OUTSIDE_LINK_REVOKED, by, data, subject=link.submission.key)


def redline_of(submission: Submission) -> Redline:
    """Return what ``submission`` changes of the edition that it is compared with."""
    before = compared_with(submission)
    return compared_texts(before.canonical if before else None, submission.canonical)


def leave_outside_note(link: OutsideLink, *, section: str, body: str, quote: str = "") -> Note:
    """Store a note by the expert of ``link``, marked as from outside. Raises ``PolicyError``.

    Everything is checked again under the locks of the page: the review may have ended meanwhile.
    """
    return retry_conflicts(lambda: _leave_note(link, section, body.strip(), quote.strip()))


def _leave_note(link: OutsideLink, section: str, body: str, quote: str) -> Note:
    with record_transaction():
        key = link.submission.key
        lock_page_keys(key)
        lock_rows(key)
        link = (
            OutsideLink.objects.select_for_update(of=("self",))
            .select_related("submission", "made_by", "signer")
            .get(pk=link.pk)
        )
        if end := end_of(link):
            raise PolicyError(Rule.NOT_IN_REVIEW, end.value)
        check_body(body, "Write what should be looked at.")
        check_passage(redline_of(link.submission), section, quote)
        words = {"submission": link.submission, "section": section, "quote": quote, "body": body}
        own = Note.objects.filter(outside_link=link)
        if sent_before := own.filter(**words, status=NoteStatus.OPEN).first():
            return sent_before
        if own.count() >= MOST_NOTES:
            raise PolicyError(
                Rule.NOT_ALLOWED_HERE, f"{MOST_NOTES} notes were left by this link: no more fit."
            )
        note = Note.objects.create(
            **words, key=key, author=None, author_record=link.person.as_record(), outside_link=link
        )
        data = {
            "note": note.pk,
            "submission": str(link.submission.uuid),
            "section": section,
            "quote": quote,
            "body": body,
            "outside_link": link.pk,
        }
        append_entry(Event.NOTED, link.person, data, subject=key)
        log_visit(link, VisitKind.NOTE)
        notifications.note_left(note, link.person)
        return note

"""Declaring that somebody has a conflict of interest with a page, and ending it."""

import uuid
from datetime import date

from django.contrib.auth.models import User

from monographs.accounts.actors import contributor_of
from monographs.core.db_clock import database_today
from monographs.editions.conflicts import declare_conflict, end_conflict
from monographs.editions.models import ConflictEnd, ConflictOfInterest
from monographs.editions.person import Person
from monographs.editions.signatures import ExcludedUsers, signatures_for
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions.base import Action
from monographs.review.actions.recall import recall_all
from monographs.review.models import UNDER_WAY, Submission
from monographs.review.policies.conflict_policy import user_can_declare, user_can_end_conflict
from monographs.review.record_locks import lock_rows

#: Why a submission is recalled that somebody signed who turns out to have a conflict.
SIGNED_IN_CONFLICT = "{}, who had signed this text, has a conflict of interest with this page."


class DeclareConflict(Action[ConflictOfInterest]):
    """Declare that ``person`` has a conflict of interest with the page ``key``, and so signs nothing of it.

    A text under way that they have signed is recalled with it: the signature must not count, and the page
    must not wait for a publication that the database refuses.
    """

    name = "declare conflict"

    def __init__(
        self,
        user: User,
        key: uuid.UUID,
        person: User,
        *,
        reason: str,
        starts_on: date,
        ends_on: date | None = None,
    ) -> None:
        super().__init__(user)
        self.key = key
        self.person = person
        self.reason = reason.strip()
        self.starts_on, self.ends_on = starts_on, ends_on

    def subject(self) -> uuid.UUID:
        return self.key

    def perform(self) -> ConflictOfInterest:
        lock_rows(self.key)
        user_can_declare(self.user, self.person).enforce()
        if not self.reason:
            raise PolicyError(Rule.NO_REASON, "Say what the interest is; the record keeps it.")
        if self.ends_on and self.ends_on < self.starts_on:
            raise PolicyError(Rule.PAST, "It ends before it starts. Choose a later last day, or none.")
        if self.ends_on and self.ends_on < database_today():
            raise PolicyError(Rule.PAST, "Its last day has passed, so it would bar nobody.")
        person = contributor_of(self.person)
        if declared_before := self._declared_before():
            return declared_before
        conflict = declare_conflict(
            self.key, person, self.reason, starts_on=self.starts_on, ends_on=self.ends_on, actor=self.actor
        )
        if _has_signed_under_way(self.key, person):
            recall_all(self.key, self.actor, self.user, SIGNED_IN_CONFLICT.format(person.name))
        return conflict

    def _declared_before(self) -> ConflictOfInterest | None:
        """Return the same declaration by the same user that stands: the form was sent again."""
        same = {"user_id": self.person.pk, "by_id": self.user.pk, "reason": self.reason}
        days = {"starts_on": self.starts_on, "ends_on": self.ends_on}
        return ConflictOfInterest.objects.filter(key=self.key, end=None, **same, **days).first()


def _has_signed_under_way(key: uuid.UUID, person: Person) -> bool:
    """Return whether ``person`` signed a text under way, known by id or sign-in name as in the database."""
    account = ExcludedUsers.from_contributors([person])
    open_texts = Submission.objects.filter(key=key, status__in=UNDER_WAY).values_list("uuid", "sha256")
    return any(
        account.contains(signature.user_id, signature.username)
        for submission, sha256 in open_texts
        for signature in signatures_for(submission, sha256)
    )


class EndConflict(Action[ConflictEnd]):
    """End a conflict of interest, with a reason; the person who has it cannot."""

    name = "end conflict"

    def __init__(self, user: User, conflict: ConflictOfInterest, *, reason: str) -> None:
        super().__init__(user)
        self.conflict = conflict
        self.reason = reason.strip()

    def subject(self) -> uuid.UUID:
        return self.conflict.key

    def perform(self) -> ConflictEnd:
        conflict = ConflictOfInterest.objects.select_related("end").get(pk=self.conflict.pk)
        user_can_end_conflict(self.user, conflict).enforce()
        if not self.reason:
            raise PolicyError(Rule.NO_REASON, "Say why it is over; the record keeps it.")
        return end_conflict(conflict, self.reason, self.actor)

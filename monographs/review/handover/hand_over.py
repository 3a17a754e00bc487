"""Handing over everything of somebody who leaves, and ending their account, in one transaction."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from wagtail.models import Page

from monographs.accounts.account_sessions import end_sessions
from monographs.accounts.actors import person_of, users_with_admin_access
from monographs.accounts.calendar_keys import revoke_key
from monographs.core.db_clock import database_now
from monographs.core.locks import lock_page_keys
from monographs.editions.ledger import Event, append_entry
from monographs.pages.refusals import PolicyError, Rule
from monographs.review import notifications
from monographs.review.actions.base import Action
from monographs.review.actions.reauthentication import ReauthCredentials
from monographs.review.assignments import store_assignment
from monographs.review.handover.handover_policy import Successors, user_can_hand_over
from monographs.review.handover.leavers_work import (
    WorkItem,
    WorkKind,
    locked_pages,
    pages_to_hand_over,
    work_of,
)
from monographs.review.models import Absence, OutsideLink, ReviewAssignment, Submission
from monographs.review.outside_review.outside_actions import revoke_link
from monographs.review.record_locks import lock_rows
from monographs.review.submission_state.submission_terms import terms_record

#: The choice by which nobody in particular is asked for a review any more.
NOBODY = 0
#: What need not be taken over by somebody in particular.
MAY_BE_NOBODYS = (WorkKind.REVIEW, WorkKind.DUE)


class HandoverRefused(PolicyError):
    """Items that nobody was chosen for, or whose person cannot take them over: the reason by field name."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        count = len(reasons)
        super().__init__(
            Rule.CANNOT_BE_ASKED,
            f"Nothing was handed over: {count} choice{'s' if count > 1 else ''} below cannot be made. "
            "Choose somebody else there.",
        )
        self.reasons = dict(reasons)


class HandOver(Action[list[WorkItem]]):
    """Hand over all work of ``leaver`` to the people in ``choices``, then deactivate the account.

    ``choices`` are primary keys of accounts by the item's name (``WorkItem.name``), or ``NOBODY``; for an
    item without one the account in ``defaults`` of its kind takes it. All or nothing. Words that the leaver
    wrote stay theirs: who takes over a draft has not written it. Pages of people who stay remain theirs.
    """

    name = "hand over"

    def __init__(
        self,
        user: User,
        leaver: User,
        *,
        choices: Mapping[str, int],
        defaults: Mapping[WorkKind, int],
        password: str,
        code: str = "",
        request: HttpRequest | None = None,
    ) -> None:
        super().__init__(user)
        self.leaver = leaver
        self.choices, self.defaults = choices, defaults
        self.credentials = ReauthCredentials(user, password, code, request)

    def subject(self) -> str:
        return f"account:{self.leaver.pk}"

    def prepare(self) -> None:
        user_can_hand_over(self.user, self.leaver).enforce()
        self.credentials.confirm()

    def perform(self) -> list[WorkItem]:
        locked = locked_pages(self.leaver).values_list("translation_key", flat=True)
        # Nobody signs by a link while it ends: else the record had the end before the signature
        linked = self._links().values_list("submission__key", flat=True)
        keys = {item.key for item in work_of(self.leaver)} | set(locked) | set(linked)
        lock_page_keys(*keys)
        lock_rows(*keys)
        self.leaver = User.objects.select_for_update(of=("self",)).get(pk=self.leaver.pk)
        user_can_hand_over(self.user, self.leaver).enforce()
        self.credentials.check_account(self.user)
        items = work_of(self.leaver)
        links = self._locked_links(keys)  # before the first entry of the ledger: no row is waited for then
        people = {user.pk: user for user in users_with_admin_access().exclude(pk=self.leaver.pk)}
        chosen = self._checked(items, people)
        left = person_of(self.leaver)
        self._hand_over_pages(items, chosen)
        for item in items:
            self._hand_over(item, chosen[item.name])
        unlocked = self._unlock_pages()
        for link in links:
            revoke_link(link, self.actor)
        self._end_account()
        self._tell(items, chosen, left)
        data = {
            "account": left.as_record(),
            "items": [
                {
                    "kind": item.kind.value,
                    "id": item.pk,
                    "title": item.title,
                    "to": _record(chosen[item.name]),
                }
                for item in items
            ],
            "unlocked": unlocked,
        }
        append_entry(Event.HANDED_OVER, self.actor, data, subject=self.subject())
        return items

    def _checked(self, items: list[WorkItem], people: dict[int, User]) -> dict[str, User | None]:
        """Return who takes over each item. Raises ``HandoverRefused`` with the reasons."""
        successors = Successors(items, list(people.values()))
        reasons: dict[str, str] = {}
        chosen: dict[str, User | None] = {}
        for item in items:
            pk = self.choices.get(item.name, self.defaults.get(item.kind))
            if pk == NOBODY and item.kind in MAY_BE_NOBODYS:
                chosen[item.name] = None
            elif pk is None or pk not in people:
                reasons[item.name] = "Choose who takes it over."
            else:
                chosen[item.name] = person = people[pk]
                # Submitted texts come before requests to review them
                submitter = chosen.get(f"{WorkKind.SUBMITTED}-{item.pk}")
                if obstacle := successors.obstacle(item, person, submitter):
                    reasons[item.name] = f"{person_of(person).name} {obstacle}."
        if reasons:
            raise HandoverRefused(reasons)
        return chosen

    def _hand_over_pages(self, items: list[WorkItem], chosen: Mapping[str, User | None]) -> None:
        """Give pages to their new owners. One query for each of them, as there may be thousands of pages."""
        pages: dict[User | None, list[int]] = {}
        for item in items:
            if item.kind == WorkKind.PAGE:
                pages.setdefault(chosen[item.name], []).append(item.pk)
        theirs = pages_to_hand_over(self.leaver)
        for person, pks in pages.items():
            Page.objects.filter(theirs, pk__in=pks).update(owner=person)

    def _hand_over(self, item: WorkItem, person: User | None) -> None:
        """Give a text or a review to ``person``."""
        match item.kind:
            case WorkKind.SUBMITTED:
                Submission.objects.filter(pk=item.pk).update(submitted_by=person)
            case WorkKind.REVIEW:
                self._replace_reviewer(Submission.objects.defer("canonical").get(pk=item.pk), person)
            case WorkKind.DUE:
                given = ReviewAssignment.objects.get(pk=item.pk)
                store_assignment(self.actor, item.key, given.due_on, before=self.leaver, after=person)

    def _replace_reviewer(self, submission: Submission, person: User | None) -> None:
        before = list(submission.reviewers.all())
        after = [user for user in before if user.pk != self.leaver.pk]
        if person and person not in after and submission.is_open:
            after.append(person)
        submission.reviewers.set(after)
        data = {
            "submission": str(submission.uuid),
            "before": terms_record(before, submission.due_on),
            "after": terms_record(after, submission.due_on),
        }
        append_entry(Event.TERMS_CHANGED, self.actor, data, submission.key)

    def _unlock_pages(self) -> list[dict[str, Any]]:
        """Unlock what the leaver locked; return it as the ledger has it."""
        pages = [{"id": page.pk, "title": page.title} for page in locked_pages(self.leaver)]
        locked_pages(self.leaver).order_by().update(locked=False, locked_by=None, locked_at=None)
        return pages

    def _links(self) -> QuerySet[OutsideLink]:
        """Return the links for outside experts that the leaver made and nobody ended."""
        return OutsideLink.objects.filter(made_by=self.leaver, revoked_at=None).order_by("pk")

    def _locked_links(self, keys: Collection[UUID]) -> list[OutsideLink]:
        """Return those of pages that are locked, their rows locked; others end with the account."""
        made = self._links().filter(submission__key__in=keys)
        made = made.select_related("submission").defer("submission__canonical")
        return list(made.select_for_update(of=("self",)))

    def _end_account(self) -> None:
        Absence.objects.filter(Q(user=self.leaver) | Q(delegate=self.leaver)).delete()
        revoke_key(self.leaver)
        end_sessions(self.leaver)
        self.leaver.is_active = False
        self.leaver.save(update_fields=["is_active"])

    def _tell(self, items: list[WorkItem], chosen: Mapping[str, User | None], left: Any) -> None:
        work: dict[int, list[str]] = {}
        for item in items:
            if person := chosen[item.name]:
                work.setdefault(person.pk, []).append(f"{item.title}: {_TAKEN[item.kind]}")
        notifications.work_taken_over(
            left, self.actor, f"{self.leaver.pk}/{database_now().isoformat()}", work
        )


def _record(person: User | None) -> dict[str, Any] | None:
    return person_of(person).as_record() if person else None


#: What an item is for who takes it over.
_TAKEN = {
    WorkKind.PAGE: "the page, with its reminders and tasks, is yours",
    WorkKind.SUBMITTED: "it is in review, and comes back to you if it is returned",
    WorkKind.REVIEW: "you are asked to review it",
    WorkKind.DUE: "you are asked for its next review",
}

"""Proposing a change of the review, and confirming or declining it."""

from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse

from monographs.accounts.account_emails import queue_change_email
from monographs.core.db_clock import database_now
from monographs.editions.ledger import Event, append_entry_now
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions.base import Action
from monographs.review.models import WorkflowChange, WorkflowChangeStatus
from monographs.review.policy import ALLOWED, INACTIVE, Verdict, is_editor_or_superuser
from monographs.review.workflow_changes.application import apply_arrangement, is_current
from monographs.review.workflow_changes.arrangement import (
    Arrangement,
    current_arrangement,
    differences,
    lock_arrangement,
)
from monographs.review.workflow_changes.two_person_rule import reasons_for_two

_STALE = "The workflow has been changed since this was proposed. Decline it, and propose the change again."


def user_can_decide(user: User, change: WorkflowChange, *, confirm: bool) -> Verdict:
    """Decide whether ``user`` may confirm ``change``, or decline it, which its proposer may as well."""
    if not user.is_active:
        return Verdict(False, Rule.INACTIVE, INACTIVE)
    if not change.is_open:
        return Verdict(False, Rule.STALE, f"This change has been {change.status} already.")
    if not is_editor_or_superuser(user):
        return Verdict(
            False, Rule.NOT_ALLOWED_HERE, "Only editors and superusers decide how texts are reviewed."
        )
    if confirm and user.pk == change.proposed_by_id:
        return Verdict(
            False,
            Rule.SECOND_PERSON,
            "You proposed this change, so another editor or superuser must confirm it.",
        )
    if confirm and user.date_joined >= change.proposed_at:
        return Verdict(
            False,
            Rule.SECOND_PERSON,
            "Your account is newer than this proposal. Somebody who was here before must confirm it.",
        )
    return ALLOWED


class ProposeWorkflowChange(Action[WorkflowChange]):
    """Store a change for a second person to decide, record it and send it to the editors."""

    name = "propose a workflow change"

    def __init__(self, user: User, before: Arrangement, after: Arrangement) -> None:
        super().__init__(user)
        self.before, self.after = before, after

    def subject(self) -> str:
        return ""

    def perform(self) -> WorkflowChange:
        change = WorkflowChange.objects.create(
            before=self.before.as_record(),
            after=self.after.as_record(),
            reasons=reasons_for_two(self.before, self.after),
            proposed_by=self.user,
            proposer=self.actor.as_record(),
        )
        _record(self, Event.WORKFLOW_PROPOSED, change, "proposed; a second person must confirm it")
        return change


class _Decision(Action[None]):
    """A second person's decision on a proposed change."""

    def __init__(self, user: User, change: WorkflowChange) -> None:
        super().__init__(user)
        self.change = change

    def subject(self) -> str:
        return f"workflow_change:{self.change.pk}"

    def _decide(self, status: WorkflowChangeStatus) -> None:
        lock_arrangement()
        self.change = WorkflowChange.objects.select_for_update().get(pk=self.change.pk)
        confirm = status is WorkflowChangeStatus.CONFIRMED
        user_can_decide(self.user, self.change, confirm=confirm).enforce()
        self.change.status = status
        self.change.decided_at = database_now()
        self.change.decider = self.actor.as_record()
        self.change.save(update_fields=["status", "decided_at", "decider"])


class ConfirmWorkflowChange(_Decision):
    """Confirm a change that somebody else proposed, and make it."""

    name = "confirm a workflow change"

    def perform(self) -> None:
        self._decide(WorkflowChangeStatus.CONFIRMED)
        before, after = (Arrangement.from_record(data) for data in (self.change.before, self.change.after))
        if not is_current(before, after, current_arrangement()):
            raise PolicyError(Rule.STALE, _STALE)
        _record(self, Event.WORKFLOW_CONFIRMED, self.change, "confirmed by a second person")
        apply_arrangement(before, after, self.user)


class DeclineWorkflowChange(_Decision):
    """Decline a proposed change, or take the own proposal back."""

    name = "decline a workflow change"

    def perform(self) -> None:
        self._decide(WorkflowChangeStatus.DECLINED)
        _record(self, Event.WORKFLOW_DECLINED, self.change, "declined")


def _record(action: Action[Any], event: Event, change: WorkflowChange, name: str) -> None:
    before, after = (Arrangement.from_record(data) for data in (change.before, change.after))
    found = differences(before, after)
    entry = append_entry_now(
        event,
        action.actor,
        {
            "about": "workflow change",
            "id": change.pk,
            "name": name,
            "proposer": change.proposer,
            "reasons": change.reasons,
            "before": {each.label: each.before for each in found},
            "after": {each.label: each.after for each in found},
            "link": reverse("review:workflow_changes"),
        },
        subject=f"workflow_change:{change.pk}",
    )
    queue_change_email(entry)

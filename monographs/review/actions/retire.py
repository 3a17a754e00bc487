"""Retiring a page that had an edition: an editor proposes it with a reason, a qualified reviewer signs."""

import uuid
from typing import Unpack

from django.contrib.auth.models import User

from monographs.core.db_clock import database_now
from monographs.editions.ledger import Event, append_entry
from monographs.editions.models import Edition, Publication
from monographs.editions.person import Person
from monographs.editions.queries import current_edition
from monographs.editions.withdrawal_reasons import RETIREMENT_REASONS, WithdrawalReason
from monographs.pages.refusals import PolicyError, Rule
from monographs.review import notifications
from monographs.review.actions.base import Action
from monographs.review.actions.signed_action import Signing
from monographs.review.actions.withdraw import WithdrawalAction
from monographs.review.models import ProposalStatus, RetirementProposal
from monographs.review.policies import retirement_policy
from monographs.review.record_locks import lock_rows

#: The step that a retirement's signature names.
RETIREMENT = "Retirement"
#: What the signature of a retirement states.
RETIREMENT_MEANING = "I retire this page for patients, for the reason stated. I answer for that."


class ProposeRetirement(Action[RetirementProposal]):
    """Propose to retire the page whose text has ``key``; patients see no change before it is signed."""

    name = "propose retirement"

    def __init__(self, user: User, key: uuid.UUID, *, cause: WithdrawalReason, note: str) -> None:
        super().__init__(user)
        self.key = key
        self.cause = cause
        self.note = note.strip()

    def subject(self) -> uuid.UUID:
        return self.key

    def perform(self) -> RetirementProposal:
        retirement_policy.user_can_propose_retirement(self.user, self.key).enforce()
        if self.cause not in RETIREMENT_REASONS:
            raise PolicyError(Rule.NO_REASON, "This is no reason to retire a page. Choose one of the list.")
        if not self.note:
            raise PolicyError(Rule.NO_REASON, "Say why the page is retired; the reviewer reads it first.")
        proposal = RetirementProposal.objects.create(
            key=self.key,
            cause=self.cause.value,
            note=self.note,
            proposed_by=self.user,
            proposer=self.actor.as_record(),
            proposed_at=database_now(),
        )
        append_entry(
            Event.RETIREMENT_PROPOSED,
            self.actor,
            {"proposal": proposal.pk, "cause": proposal.cause, "note": proposal.note},
            subject=self.key,
        )
        notifications.retirement_proposed(proposal)
        return proposal


def _locked(proposal: RetirementProposal) -> RetirementProposal:
    """Return the proposal as it is now, locked until the transaction ends."""
    return RetirementProposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)


def _close(proposal: RetirementProposal, status: ProposalStatus, closer: Person, outcome: str = "") -> None:
    """Store how and by whom a proposal ended."""
    proposal.status = status
    proposal.closed_at = database_now()
    proposal.closer = closer.as_record()
    proposal.outcome = outcome
    proposal.save(update_fields=["status", "closed_at", "closer", "outcome"])


class SignRetirement(WithdrawalAction[tuple[RetirementProposal, Edition]]):
    """Sign a proposal: the page is withdrawn for good, as by ``Withdraw``.

    A page that is withdrawn already keeps the text that patients read, which may be for their safety.
    """

    name = "retire"
    step, meaning = RETIREMENT, RETIREMENT_MEANING

    def __init__(self, user: User, proposal: RetirementProposal, **signing: Unpack[Signing]) -> None:
        super().__init__(user, **signing)
        self.proposal = proposal

    def subject(self) -> uuid.UUID:
        return self.proposal.key

    def check(self) -> tuple[RetirementProposal, Edition]:
        """Return the proposal and the newest edition. Raises ``PolicyError`` unless the user may sign it."""
        proposal = RetirementProposal.objects.get(pk=self.proposal.pk)
        retirement_policy.user_can_sign_retirement(self.user, proposal).enforce()
        edition = current_edition(proposal.key)
        if edition is None:
            raise PolicyError(Rule.NOT_PUBLIC, "This page never had an edition.")
        return proposal, edition

    def act(self, checked: tuple[RetirementProposal, Edition]) -> Publication:
        proposal, edition = checked
        _close(proposal, ProposalStatus.SIGNED, self.actor)
        return self.withdraw(edition, proposal.reason, proposal.note)


class DeclineRetirement(Action[None]):
    """Decline a proposal, or take it back, with a reason; patients go on reading the page."""

    name = "decline retirement"

    def __init__(self, user: User, proposal: RetirementProposal, *, reason: str) -> None:
        super().__init__(user)
        self.proposal = proposal
        self.reason = reason.strip()

    def subject(self) -> uuid.UUID:
        return self.proposal.key

    def perform(self) -> None:
        lock_rows(self.proposal.key)
        proposal = _locked(self.proposal)
        retirement_policy.user_can_decline_retirement(self.user, proposal).enforce()
        if not self.reason:
            raise PolicyError(Rule.NO_REASON, "Say why the page is kept; the editor reads it.")
        _close(proposal, ProposalStatus.DECLINED, self.actor, self.reason)
        append_entry(
            Event.RETIREMENT_DECLINED,
            self.actor,
            {"proposal": proposal.pk, "reason": self.reason},
            subject=proposal.key,
        )

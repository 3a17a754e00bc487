"""Retiring a page that had an edition: an editor proposes it with a reason, a qualified reviewer signs."""

import uuid

from django.contrib.auth.models import User
from django.http import HttpRequest

from monographs.core.db_clock import database_now
from monographs.editions.ledger import Event, append_entry
from monographs.editions.models import Publication
from monographs.editions.queries import current_edition
from monographs.editions.withdrawal_reasons import RETIREMENT_REASONS, WithdrawalReason
from monographs.pages.refusals import PolicyError, Rule
from monographs.review import notifications, retirement_policy
from monographs.review.actions.base import Action
from monographs.review.actions.reauthentication import ReauthCredentials
from monographs.review.actions.withdraw import SignedWithdrawal
from monographs.review.models import ProposalStatus, RetirementProposal
from monographs.review.record_locks import lock_rows
from monographs.review.signer_identity import check_signer_seen, locked_signer

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


class _ProposalAction(Action[Publication | None]):
    """An attempt on one proposal."""

    def __init__(self, user: User, proposal: RetirementProposal) -> None:
        super().__init__(user)
        self.proposal = proposal

    def subject(self) -> uuid.UUID:
        return self.proposal.key

    def locked(self) -> RetirementProposal:
        """Return the proposal, with its page's record locked until the transaction ends."""
        lock_rows(self.proposal.key)
        return RetirementProposal.objects.select_for_update(of=("self",)).get(pk=self.proposal.pk)

    def close(self, proposal: RetirementProposal, status: ProposalStatus, outcome: str = "") -> None:
        """Store how and by whom the proposal ended."""
        proposal.status = status
        proposal.closed_at = database_now()
        proposal.closer = self.actor.as_record()
        proposal.outcome = outcome
        proposal.save(update_fields=["status", "closed_at", "closer", "outcome"])


class SignRetirement(_ProposalAction):
    """Sign a proposal: the page is withdrawn for good, as by ``Withdraw``.

    A page that is withdrawn already keeps the text that patients read, which may be for their safety.
    ``seen_signer`` is the hash of name and credentials as shown.
    """

    name = "retire"

    def __init__(
        self,
        user: User,
        proposal: RetirementProposal,
        *,
        password: str,
        seen_signer: str = "",
        code: str = "",
        request: HttpRequest | None = None,
    ) -> None:
        super().__init__(user, proposal)
        self.seen_signer = seen_signer
        self.credentials = ReauthCredentials(user, password, code, request)

    def prepare(self) -> None:
        now = RetirementProposal.objects.get(pk=self.proposal.pk)
        retirement_policy.user_can_sign_retirement(self.user, now).enforce()
        self.credentials.confirm()

    def perform(self) -> Publication:
        proposal = self.locked()
        retirement_policy.user_can_sign_retirement(self.user, proposal).enforce()
        self.user = locked_signer(self.user)
        check_signer_seen(self.user, self.seen_signer, step=RETIREMENT, meaning=RETIREMENT_MEANING)
        self.credentials.check_account(self.user)
        edition = current_edition(proposal.key)
        if edition is None:
            raise PolicyError(Rule.NOT_PUBLIC, "This page never had an edition.")
        self.close(proposal, ProposalStatus.SIGNED)
        withdrawal = SignedWithdrawal(edition, proposal.reason, proposal.note, RETIREMENT, RETIREMENT_MEANING)
        return withdrawal.store(self.user, self.actor, self.credentials.method)


class DeclineRetirement(_ProposalAction):
    """Decline a proposal, or take it back, with a reason; patients go on reading the page."""

    name = "decline retirement"

    def __init__(self, user: User, proposal: RetirementProposal, *, reason: str) -> None:
        super().__init__(user, proposal)
        self.reason = reason.strip()

    def perform(self) -> None:
        proposal = self.locked()
        retirement_policy.user_can_decline_retirement(self.user, proposal).enforce()
        if not self.reason:
            raise PolicyError(Rule.NO_REASON, "Say why the page is kept; the editor reads it.")
        self.close(proposal, ProposalStatus.DECLINED, self.reason)
        append_entry(
            Event.RETIREMENT_DECLINED,
            self.actor,
            {"proposal": proposal.pk, "reason": self.reason},
            subject=proposal.key,
        )

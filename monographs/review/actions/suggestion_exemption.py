"""Whether suggestions of wording keep their author from signing: proposed by one, confirmed by another."""

from django.contrib.auth.models import User

from monographs.editions.ledger import Event, append_entry
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions.base import Action
from monographs.review.actions.notes import check_body
from monographs.review.models import SuggestionExemption
from monographs.review.suggestions import suggestion_policy


class _ExemptionAction(Action[SuggestionExemption]):
    """A decision on the exemption, or a proposal of one."""

    def subject(self) -> str:
        return "suggestions"

    def store(
        self, *, allowed: bool, reason: str, confirms: SuggestionExemption | None = None
    ) -> SuggestionExemption:
        """Store a row and its entry in the ledger."""
        row = SuggestionExemption.objects.create(
            allowed=allowed, reason=reason, by=self.actor.as_record(), confirms=confirms
        )
        data = {"exemption": row.pk, "allowed": allowed, "reason": reason}
        if allowed:
            data["confirms"] = confirms.pk if confirms else None
        append_entry(Event.SUGGESTION_EXEMPTION, self.actor, data)
        return row


class SetExemption(_ExemptionAction):
    """Propose that suggestions which change words only do not keep their author from signing; or end that.

    A proposal counts once somebody else confirms it. Its end counts at once, and declines an open proposal.
    """

    name = "set exemption"

    def __init__(self, user: User, *, allowed: bool, reason: str) -> None:
        super().__init__(user)
        self.allowed = allowed
        self.reason = reason.strip()

    def perform(self) -> SuggestionExemption:
        suggestion_policy.can_set_exemption(self.user).enforce()
        check_body(self.reason, "Say why: auditors read it.")
        now, proposal = suggestion_policy.newest_exemption(), suggestion_policy.open_proposal()
        is_exempt = now is not None and now.allowed
        if proposal is not None and self.allowed:
            raise PolicyError(Rule.ALREADY_PROPOSED, "This is proposed already. Somebody else confirms it.")
        if proposal is None and self.allowed == is_exempt:
            raise PolicyError(Rule.NOTHING_CHANGED, "This is the setting already. Nothing was changed.")
        return self.store(allowed=self.allowed, reason=self.reason)


class ConfirmExemption(_ExemptionAction):
    """Confirm the ``proposal`` of somebody else, from when on it counts for all but these two."""

    name = "confirm exemption"

    def __init__(self, user: User, proposal: SuggestionExemption) -> None:
        super().__init__(user)
        self.proposal = proposal

    def perform(self) -> SuggestionExemption:
        suggestion_policy.can_confirm_exemption(self.user, self.proposal).enforce()
        return self.store(allowed=True, reason=self.proposal.reason, confirms=self.proposal)

"""Deciding whether suggestions of wording keep their author from signing."""

from django.contrib.auth.models import User

from monographs.editions.ledger import Event, append_entry
from monographs.pages.refusals import PolicyError, Rule
from monographs.review import suggestion_policy
from monographs.review.actions.base import Action
from monographs.review.actions.notes import check_body
from monographs.review.models import SuggestionExemption


class SetExemption(Action[SuggestionExemption]):
    """Decide whether suggestions that change words only keep their author from signing, from now on.

    Whoever decides that they do not is not exempt by it.
    """

    name = "set exemption"

    def __init__(self, user: User, *, allowed: bool, reason: str) -> None:
        super().__init__(user)
        self.allowed = allowed
        self.reason = reason.strip()

    def subject(self) -> str:
        return "suggestions"

    def perform(self) -> SuggestionExemption:
        suggestion_policy.can_set_exemption(self.user).enforce()
        check_body(self.reason, "Say why: auditors read it.")
        before = suggestion_policy.newest_exemption()
        if self.allowed == (before is not None and before.allowed):
            raise PolicyError(Rule.NOTHING_CHANGED, "This is the setting already. Nothing was changed.")
        row = SuggestionExemption.objects.create(
            allowed=self.allowed, reason=self.reason, by=self.actor.as_record()
        )
        data = {"exemption": row.pk, "allowed": self.allowed, "reason": self.reason}
        append_entry(Event.SUGGESTION_EXEMPTION, self.actor, data)
        return row

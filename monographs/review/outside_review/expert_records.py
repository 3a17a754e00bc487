"""Recording an outside expert who may be invited to sign: name, credentials and address.

A second person confirms all of it, as for every signer (``actions.Confirm``).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from wagtail.log_actions import LogContext

from monographs.accounts.outside_accounts import is_outside, new_outside_account
from monographs.core.db_clock import database_today
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions.base import Action
from monographs.review.expert_policy import OFF
from monographs.review.models import ReviewerProfile
from monographs.review.models.profile import SEPARATOR
from monographs.review.policies.editor_policy import editor_or_superuser
from monographs.review.policy import Verdict

NOT_FOR_YOU = "Only editors and administrators record outside experts. Ask one of them."


def user_can_record(user: Any) -> Verdict:
    """Return whether ``user`` may record outside experts here."""
    verdict = editor_or_superuser(user, NOT_FOR_YOU)
    if verdict.allowed and not settings.OUTSIDE_SIGNATURES:
        return Verdict(False, Rule.NOT_ALLOWED_HERE, OFF)
    return verdict


@dataclass(frozen=True, slots=True)
class ExpertFacts:
    """What is recorded of an outside expert. ``credentials`` are abbreviations of the confirmed list."""

    first_name: str
    last_name: str
    email: str
    credentials: tuple[str, ...]
    field: str = ""
    expires_on: date | None = None


class RecordExpert(Action[User]):
    """Record an outside expert, whom somebody else must confirm."""

    name = "record outside expert"

    def __init__(self, user: User, facts: ExpertFacts) -> None:
        super().__init__(user)
        self.facts = facts

    def subject(self) -> str:
        return "outside_experts"

    def perform(self) -> User:
        user_can_record(self.user).enforce()
        facts = self.facts
        if facts.expires_on is not None and facts.expires_on < database_today():
            raise PolicyError(Rule.EXPIRED, "These credentials have expired. Record the renewed ones.")
        with LogContext(user=self.user):
            expert = new_outside_account(facts.first_name, facts.last_name, facts.email)
            profile = ReviewerProfile(
                user=expert,
                credentials=SEPARATOR.join(facts.credentials),
                field=facts.field,
                expires_on=facts.expires_on,
            )
            profile.save()
        if problem := profile.problem():
            raise PolicyError(Rule.NOT_READY, problem)
        return expert


class _ExpertAction(Action[User]):
    """A change of one recorded expert."""

    def __init__(self, user: User, expert: User) -> None:
        super().__init__(user)
        self.expert = expert

    def subject(self) -> str:
        return f"account:{self.expert.pk}"

    def locked(self) -> User:
        """Return the expert's account as it is now. Raises ``PolicyError``."""
        user_can_record(self.user).enforce()
        expert = User.objects.select_for_update(no_key=True).get(pk=self.expert.pk)
        if not is_outside(expert) or not expert.is_active:
            raise PolicyError(Rule.INACTIVE, "This is no outside expert, or not any more.")
        return expert


class ChangeExpertAddress(_ExpertAction):
    """Record a new address: the old one is notified, and signing waits for a second person's confirmation."""

    name = "change address of outside expert"

    def __init__(self, user: User, expert: User, *, email: str) -> None:
        super().__init__(user, expert)
        self.email = email

    def perform(self) -> User:
        expert = self.locked()
        if expert.email == self.email:
            raise PolicyError(Rule.NOTHING_CHANGED, "This is the address already. Nothing was changed.")
        expert.email = self.email
        with LogContext(user=self.user):
            expert.save(update_fields=["email"])
        if problem := ReviewerProfile.objects.get(user=expert).address_error():
            raise PolicyError(Rule.NOT_READY, problem)
        return expert


class EndExpert(_ExpertAction):
    """End an outside expert's right to sign; signatures that were given stay."""

    name = "end outside expert"

    def perform(self) -> User:
        expert = self.locked()
        expert.is_active = False
        with LogContext(user=self.user):
            expert.save(update_fields=["is_active"])
        return expert

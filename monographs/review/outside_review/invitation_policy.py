"""Who may invite which recorded outside expert to sign a text, decided for one and for all of them alike."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.utils.formats import date_format

from monographs.accounts import signing_holds
from monographs.accounts.actors import person_of
from monographs.accounts.outside_accounts import is_outside
from monographs.editions.person import Person
from monographs.editions.signatures import ExcludedUsers, is_among, signatures_for
from monographs.pages.refusals import Rule
from monographs.review import policy
from monographs.review.expert_policy import people_of, signers_of, vouchers_of
from monographs.review.models import Submission
from monographs.review.outside_review.expert_records import user_can_record
from monographs.review.outside_review.outside_actions import user_can_make_link
from monographs.review.policy import ALLOWED, QUALIFICATION_MESSAGES, Verdict
from monographs.review.signing_facts import SigningFacts, first_failed_rule

_MESSAGES = QUALIFICATION_MESSAGES | {
    Rule.INACTIVE: "This expert signs nothing here any more.",
    Rule.NO_CREDENTIALS: "No credentials are recorded for this expert.",
    Rule.EXPIRED: "The recorded credentials of this expert have expired.",
    Rule.CONTRIBUTED: (
        "Words of this expert, or of somebody outside who left notes by a link without an account, are in "
        "the text, so somebody with an account here must sign it."
    ),
    Rule.CONFLICT_OF_INTEREST: "A conflict of interest with this page is declared for this expert.",
    Rule.ALREADY_SIGNED: "This expert has signed the text.",
    Rule.NOT_CONFIRMED: (
        "Nobody has confirmed the name, credentials and address of this expert as they are now. Somebody who "
        "did not enter them confirms them under Reports, Signers."
    ),
}
#: The same in a few words, behind the name in a list.
_STATES = {
    Rule.NO_CREDENTIALS: "no credentials",
    Rule.SIGN_IN_CHANGED: "signing waits after a change of the address",
    Rule.CONTRIBUTED: "words from outside are in this text",
    Rule.CONFLICT_OF_INTEREST: "has a conflict of interest",
    Rule.NOT_CONFIRMED: "not confirmed yet",
    Rule.NOT_VOUCHED: "recorded or confirmed by somebody who wrote or signed this text",
    Rule.ALREADY_SIGNED: "has signed this text",
}


@dataclass(frozen=True, slots=True)
class InvitationFacts:
    """What the right of ``user`` to invite experts to sign ``submission`` depends on, read once for all."""

    user: User
    submission: Submission
    excluded: ExcludedUsers
    in_conflict: ExcludedUsers
    signers: ExcludedUsers
    signed: frozenset[int]
    on_hold: set[int]
    at_step: bool

    @classmethod
    def of(cls, user: User, submission: Submission, experts: Iterable[User]) -> "InvitationFacts":
        """Read them in a fixed number of queries."""
        signatures = signatures_for(submission.uuid, submission.sha256)
        return cls(
            user,
            submission,
            policy.excluded_users(submission.key),
            policy.users_in_conflict(submission.key),
            signers_of(signatures),
            frozenset(signature.user_id for signature in signatures),
            signing_holds.held_users(experts),
            policy.current_task(submission) is not None,
        )

    def of_text(self) -> Verdict:
        """Return whether the user may invite experts here, and this text is signed by such invitations."""
        for verdict in (user_can_record(self.user), user_can_make_link(self.user, self.submission)):
            if not verdict.allowed:
                return verdict
        if self.submission.bundle_id:
            return Verdict(
                False,
                Rule.IN_A_BUNDLE,
                "A text of a bundle is signed with the others, so not from outside.",
            )
        return ALLOWED

    def of_user(self) -> Verdict:
        """Return whether the user may invite anybody at all to sign this text."""
        verdict = self.of_text()
        if verdict.allowed and self._is_involved(person_of(self.user)):
            return Verdict(
                False,
                Rule.NOT_VOUCHED,
                "You wrote or signed this text, and whoever invites an expert answers for who signs it: ask "
                "somebody else to invite one.",
            )
        return verdict

    def of_expert(self, expert: User) -> Verdict:
        """Return whether ``expert`` could sign the text if they were invited."""
        facts = SigningFacts(
            in_review=self.submission.is_open,
            at_step=self.at_step,
            active=expert.is_active,
            member=is_outside(expert),
            **policy.qualification(expert),
            contributed=self.excluded.contains(expert.pk, expert.get_username()),
            in_conflict=self.in_conflict.contains(expert.pk, expert.get_username()),
            signed=expert.pk in self.signed,
            on_hold=expert.pk in self.on_hold,
        )
        if rule := first_failed_rule(facts):
            return Verdict(False, rule, _MESSAGES.get(rule) or "This expert cannot sign this text now.")
        profile = policy.profile_of(expert)
        vouchers = people_of(vouchers_of(profile, person_of(self.user))) if profile else []
        if involved := [each for each in vouchers if self._is_involved(each)]:
            return Verdict(
                False,
                Rule.NOT_VOUCHED,
                f"{involved[0].name} wrote or signed this text, and recorded, confirmed or invites this "
                "expert. Nobody who did so answers for who signs it: ask somebody else.",
            )
        return ALLOWED

    def _is_involved(self, person: Person) -> bool:
        return is_among(self.excluded, person) or is_among(self.signers, person)


def user_can_invite(user: User, submission: Submission, expert: User) -> Verdict:
    """Return whether ``user`` may invite ``expert`` to sign ``submission``: the expert could sign it then.

    Neither the user nor anybody who recorded or confirmed the expert may have worked on the text.
    """
    facts = InvitationFacts.of(user, submission, [expert])
    verdict = facts.of_text()
    return facts.of_expert(expert) if verdict.allowed else verdict


@dataclass(frozen=True, slots=True)
class ExpertChoice:
    """A recorded expert as an editor chooses whom to invite; ``state`` says why not this one, if so."""

    expert: User
    state: str

    @classmethod
    def of(cls, facts: InvitationFacts, expert: User) -> "ExpertChoice":
        """Return ``expert`` with what keeps them from being invited, in a few words."""
        rule = facts.of_expert(expert).rule
        ends = expert.reviewer_profile.expires_on
        if rule == Rule.EXPIRED and ends:
            return cls(expert, f"credentials ended on {date_format(ends, 'F j, Y')}")
        return cls(expert, _STATES.get(rule, "cannot sign this text now") if rule else "")

    @property
    def label(self) -> str:
        """Name and credentials, with the state."""
        credentials = self.expert.reviewer_profile.credentials
        named = ", ".join(filter(None, (self.expert.get_full_name(), credentials)))
        return f"{named} ({self.state})" if self.state else named

"""Inviting a recorded outside expert to sign one submission at the step it is at."""

from functools import partial
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse

from monographs.accounts import account_emails, signing_holds
from monographs.accounts.actors import person_of
from monographs.accounts.outside_accounts import is_outside
from monographs.editions.ledger import Event, append_entry
from monographs.editions.person import Person
from monographs.editions.signatures import signatures_for
from monographs.pages.refusals import Rule
from monographs.review import policy
from monographs.review.actions.base import SubmissionAction, step_of
from monographs.review.expert_policy import is_among, people_of, signers_of, vouchers_of
from monographs.review.models import OutsideLink, Submission
from monographs.review.outside_review.expert_records import user_can_record
from monographs.review.outside_review.link_keys import make_link
from monographs.review.outside_review.outside_actions import check_days, record_of, user_can_make_link
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


def user_can_invite(user: User, submission: Submission, expert: User) -> Verdict:
    """Return whether ``user`` may invite ``expert`` to sign ``submission``: the expert could sign it then.

    Neither the user nor anybody who recorded or confirmed the expert may have worked on the text.
    """
    for verdict in (user_can_record(user), user_can_make_link(user, submission)):
        if not verdict.allowed:
            return verdict
    if submission.bundle_id:
        return Verdict(
            False, Rule.IN_A_BUNDLE, "A text of a bundle is signed with the others, so not from outside."
        )
    excluded = policy.excluded_users(submission.key)
    facts = SigningFacts(
        in_review=submission.is_open,
        at_step=policy.current_task(submission) is not None,
        active=expert.is_active,
        member=is_outside(expert),
        **policy.qualification(expert),
        contributed=excluded.contains(expert.pk, expert.get_username()),
        in_conflict=policy.user_is_in_conflict(expert, submission.key),
        signed=policy.has_signed(expert, submission),
        on_hold=signing_holds.is_on_hold(expert),
    )
    if rule := first_failed_rule(facts):
        return Verdict(False, rule, _MESSAGES.get(rule) or "This expert cannot sign this text now.")
    signers = signers_of(signatures_for(submission.uuid, submission.sha256))
    vouchers = _vouchers(expert, person_of(user))
    wrote = [each for each in vouchers if is_among(excluded, each) or is_among(signers, each)]
    if wrote:
        return Verdict(
            False,
            Rule.NOT_VOUCHED,
            f"{wrote[0].name} wrote or signed this text, and recorded, confirmed or invites this expert. "
            "Nobody who did so answers for who signs it: ask somebody else.",
        )
    return ALLOWED


def _vouchers(expert: User, maker: Person) -> list[Person]:
    profile = policy.profile_of(expert)
    return people_of(vouchers_of(profile, maker)) if profile else []


class InviteExpert(SubmissionAction[OutsideLink]):
    """Send ``expert`` an invitation to sign, which ends after ``days`` and with the review.

    The link goes to the recorded address only: nobody here sees it.
    """

    name = "invite outside expert"

    def __init__(self, user: User, submission: Submission, expert: User, *, days: int) -> None:
        super().__init__(user, submission)
        self.expert = expert
        self.days = days

    def perform(self) -> OutsideLink:
        submission = self.locked()
        expert = User.objects.select_related("reviewer_profile").get(pk=self.expert.pk)
        user_can_invite(self.user, submission, expert).enforce()
        check_days(self.days)
        task, _ = step_of(submission)
        link, key = make_link(
            submission,
            expert.get_full_name(),
            self.days,
            self.actor,
            signer=expert,
            step=task.name,
            vouchers=vouchers_of(expert.reviewer_profile, self.actor),
        )
        data = record_of(link) | {
            "signer": {"id": expert.pk, "username": expert.get_username()},
            "step": link.step,
            "vouchers": link.vouchers,
        }
        append_entry(Event.OUTSIDE_LINK_MADE, self.actor, data, subject=submission.key)
        path = f"{reverse('outside_review')}?{urlencode({'key': key})}"
        transaction.on_commit(partial(_send, link, expert, path, submission.title))
        return link


def _send(link: OutsideLink, expert: User, path: str, title: str) -> None:
    """Send the invitation, whose link nobody can read again; note if it could not be sent."""
    if not account_emails.send_invitation_email(expert, path, title, link.expires_at):
        link.email_failed = True
        link.save(update_fields=["email_failed"])

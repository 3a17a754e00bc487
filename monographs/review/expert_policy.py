"""Outside experts who sign: what an invitation gives them, and who answers for who they are.

``policy.user_can_sign`` asks here instead of for a member of the step's groups; all its other rules are the
same. Off unless ``OUTSIDE_SIGNATURES`` is on.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User

from monographs.accounts.outside_accounts import is_outside
from monographs.core.sign_in_names import sign_in_keys
from monographs.core.users import AnyUser, display_name
from monographs.editions.models import Signature
from monographs.editions.person import Person
from monographs.editions.record.expert_rules import OUTSIDE
from monographs.editions.signatures import ExcludedUsers, is_among
from monographs.pages.refusals import Rule
from monographs.review.models import OutsideLink, ReviewerProfile, Submission
from monographs.review.outside_link_end import end_of

#: What an expert is told, by the rule: without the names of those who work here.
MESSAGES = {
    Rule.NOT_A_REVIEWER: "You are not invited to sign this text, or the invitation has ended.",
    Rule.NO_CREDENTIALS: "No credentials are recorded for you. Whoever invited you can have them recorded.",
    Rule.EXPIRED: "Your recorded credentials have expired. Whoever invited you can have them renewed.",
    Rule.SIGN_IN_CHANGED: (
        "The address that is recorded for you changed lately, so you cannot sign until somebody else here "
        "has confirmed it, or a day has passed."
    ),
    Rule.CONTRIBUTED: (
        "Words of yours, or of somebody outside who left notes, are in this text, so somebody else must sign "
        "it."
    ),
    Rule.CONFLICT_OF_INTEREST: "A conflict of interest with this page is declared for you: you cannot sign.",
    Rule.NOT_CONFIRMED: (
        "Your name, credentials and address wait for a second person here to confirm them. Then you can sign."
    ),
    Rule.NOT_VOUCHED: (
        "Those who answer for your name here have changed since you were invited, or wrote or signed this "
        "text. Ask whoever invited you for another invitation."
    ),
    Rule.ALREADY_SIGNED: "You have signed this text. Thank you.",
}
#: Said to who answers for an expert who signed.
VOUCHED_FOR_SIGNER = (
    "You recorded, confirmed or invited an outside expert who signed this text, so somebody else must give "
    "the next signature."
)
OFF = "This site takes no signatures of outside experts. Its operator can allow them (OUTSIDE_SIGNATURES)."


def invitation_of(user: AnyUser, submission: Submission, step: str) -> OutsideLink | None:
    """Return the newest invitation of ``user`` to sign ``submission`` at ``step`` that has not ended."""
    if not settings.OUTSIDE_SIGNATURES or not is_outside(user):
        return None
    made = OutsideLink.objects.select_related("submission", "made_by").filter(
        signer_id=user.pk, submission=submission, step=step
    )
    return next((link for link in made if end_of(link) is None), None)


def invited_signers(submissions: Iterable[Submission]) -> dict[tuple[int, str], list[User]]:
    """Return the experts who are invited to sign ``submissions``, by primary key and step, each once.

    Whether they may sign is for ``policy.user_can_sign``. One query, or none on a site without such experts.
    """
    found: dict[tuple[int, str], list[User]] = {}
    if not settings.OUTSIDE_SIGNATURES:
        return found
    made = OutsideLink.objects.filter(submission__in=list(submissions), signer__isnull=False, revoked_at=None)
    made = made.select_related("submission", "made_by", "signer__reviewer_profile")
    for link in made.defer("submission__canonical").order_by("pk"):
        invited = found.setdefault((link.submission_id, link.step), [])
        if link.signer is not None and link.signer not in invited and end_of(link) is None:
            invited.append(link.signer)
    return found


def name_of_signer(user: User) -> str:
    """Return the name of somebody who may sign, marked if they are invited from outside."""
    return f"{display_name(user)} (invited from outside)" if is_outside(user) else display_name(user)


def is_vouched_for(
    user: AnyUser, invitation: OutsideLink, excluded: ExcludedUsers, signers: ExcludedUsers
) -> bool:
    """Return whether those who answer for ``user`` are the ones whom ``invitation`` names, and stand apart.

    ``excluded`` are those who wrote the text, ``signers`` those who signed it: else two signatures could be
    one person's. The recorded address must be no other account's.
    """
    profile: ReviewerProfile | None = getattr(user, "reviewer_profile", None)
    if profile is None or profile.address_error():
        return False
    now, named = recorders_of(profile), people_of(invitation.vouchers or ())
    if not all(each.username for each in now):
        return False  # recorded by a command, so that nobody answers for it
    if not {_identity(each) for each in now} <= {_identity(each) for each in named}:
        return False
    return not any(is_among(excluded, each) or is_among(signers, each) for each in named)


def signers_of(signatures: Iterable[Signature]) -> ExcludedUsers:
    """Return the accounts that gave ``signatures``, who vouch for no further signer of the text."""
    return ExcludedUsers.from_contributors(Person(s.user_id, s.username, s.name) for s in signatures)


def vouchers_of_signers(submission: Submission, signatures: Iterable[Signature]) -> ExcludedUsers:
    """Return who vouches for the outside experts who gave ``signatures``, and so does not sign themselves."""
    experts = {each.user_id for each in signatures if each.username.startswith(OUTSIDE)}
    found = vouchers_of_experts({submission.pk: experts})
    return found.get(submission.pk, ExcludedUsers.from_contributors(()))


def vouchers_of_experts(signed: Mapping[int, Collection[int]]) -> dict[int, ExcludedUsers]:
    """Return who vouches for the experts who signed each submission; both by primary key.

    Submissions that no expert signed are left out. One query, or none.
    """
    experts = {pk for some in signed.values() for pk in some}
    found: dict[int, list[Person]] = {}
    if experts:
        links = OutsideLink.objects.filter(submission__in=list(signed), signer_id__in=experts)
        for submission, signer, vouchers in links.values_list("submission_id", "signer_id", "vouchers"):
            if signer in signed[submission]:
                found.setdefault(submission, []).extend(people_of(vouchers or ()))
    return {pk: ExcludedUsers.from_contributors(people) for pk, people in found.items()}


def recorders_of(profile: ReviewerProfile) -> list[Person]:
    """Return who proposed and who confirmed each value of ``profile``."""
    stored = profile.confirmations.values()
    return [Person(**each[role]) for each in stored for role in ("proposer", "confirmer") if each[role]]


def vouchers_of(profile: ReviewerProfile, maker: Person) -> list[dict[str, Any]]:
    """Return, as an invitation by ``maker`` stores them, all who answer for the person of ``profile``."""
    people = {_identity(each): each for each in (maker, *recorders_of(profile))}
    return [
        {name: value for name, value in asdict(each).items() if name in ("id", "username", "name")}
        | {"sign_in_keys": sorted(sign_in_keys(each.username))}
        for each in people.values()
    ]


def people_of(vouchers: Iterable[dict[str, Any]]) -> list[Person]:
    """Return the people whom an invitation names as vouchers."""
    return [Person(each["id"], each["username"], each["name"]) for each in vouchers]


def outside_experts() -> list[User]:
    """Return the active accounts of outside experts, by name."""
    found = User.objects.filter(username__startswith=OUTSIDE, is_active=True, reviewer_profile__isnull=False)
    return list(found.select_related("reviewer_profile").order_by("last_name", "first_name", "pk"))


def _identity(person: Person) -> tuple[int | None, str]:
    return person.id, person.username

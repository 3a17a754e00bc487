"""Who may retire a page that had an edition: an editor proposes it, a qualified reviewer signs.

Being a superuser gives no right to either.
"""

import uuid

from monographs.core.users import AnyUser
from monographs.editions.queries import current_edition
from monographs.editions.withdrawals import retirement_of
from monographs.pages.refusals import Rule
from monographs.review.models import ProposalStatus, RetirementProposal
from monographs.review.policy import ALLOWED, INACTIVE, Verdict, is_editor, user_can_withdraw_any


def open_proposal(key: uuid.UUID) -> RetirementProposal | None:
    """Return the page's proposal that waits for a signature; None if there is none."""
    return RetirementProposal.objects.filter(key=key, status=ProposalStatus.OPEN).first()


def user_can_propose_retirement(user: AnyUser, key: uuid.UUID) -> Verdict:
    """Return whether ``user`` may propose to retire the page ``key``: editors may, once at a time."""
    if not user.is_active:
        return Verdict(False, Rule.INACTIVE, INACTIVE)
    if not is_editor(user):
        return Verdict(
            False,
            Rule.NOT_AN_EDITOR,
            "Only editors may propose to retire a page. Ask one of them.",
        )
    verdict = _can_be_retired(key)
    if verdict.allowed and open_proposal(key):
        return Verdict(
            False, Rule.ALREADY_PROPOSED, "It is proposed already to retire this page: a reviewer signs it."
        )
    return verdict


def user_can_sign_retirement(user: AnyUser, proposal: RetirementProposal) -> Verdict:
    """Return whether ``user`` may sign or decline ``proposal``: any qualified reviewer may.

    As a withdrawal, it only ever removes text, so having written it, or having proposed it, is no obstacle.
    """
    verdict = user_can_withdraw_any(user)
    if not verdict.allowed:
        return verdict
    if not proposal.is_open:
        return Verdict(
            False,
            Rule.NOT_PROPOSED,
            f"This proposal is closed: {proposal.get_status_display().lower()}. Nothing was changed.",
        )
    return _can_be_retired(proposal.key)


def user_can_decline_retirement(user: AnyUser, proposal: RetirementProposal) -> Verdict:
    """Return whether ``user`` may decline ``proposal``: editors may take it back, reviewers decline it."""
    if user.is_active and is_editor(user) and proposal.is_open:
        return ALLOWED
    return user_can_sign_retirement(user, proposal)


def _can_be_retired(key: uuid.UUID) -> Verdict:
    if current_edition(key) is None:
        return Verdict(
            False, Rule.NOT_PUBLIC, "This page never had an edition: delete it instead of retiring it."
        )
    if retirement_of(key):
        return Verdict(False, Rule.ALREADY_RETIRED, "This page is retired already.")
    return ALLOWED

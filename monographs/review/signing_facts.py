"""What the decision on signing depends on, and the rules in their order.

The decision itself is ``policy.user_can_sign``; lists that decide for many texts at once collect the facts in
queries of their own.
"""

from dataclasses import dataclass

from monographs.pages.refusals import Rule


@dataclass(frozen=True, slots=True)
class SigningFacts:
    """What the decision on signing depends on: a submission's state and a user's relation to it."""

    in_review: bool
    at_step: bool
    active: bool
    member: bool
    qualified: bool = True
    expired: bool = False
    confirmed: bool = True
    #: Whether sign-in facts changed lately (``accounts.signing_holds``).
    on_hold: bool = False
    contributed: bool = False
    #: Whether a conflict of interest with the page is declared (``editions.conflicts``).
    in_conflict: bool = False
    #: Whether those who answer for an outside expert stand apart from the text (``expert_policy``).
    vouched: bool = True
    signed: bool = False


def first_failed_rule(facts: SigningFacts) -> Rule | None:
    """Return the first rule that keeps a user from signing; None if they may sign.

    A member who contributed, or whose credentials have expired, may still return the text: ask with the
    other facts left at their defaults.
    """
    rules = (
        (facts.in_review and facts.at_step, Rule.NOT_IN_REVIEW),
        (facts.active, Rule.INACTIVE),
        (facts.member, Rule.NOT_A_REVIEWER),
        (facts.qualified, Rule.NO_CREDENTIALS),
        (not facts.expired, Rule.EXPIRED),
        (not facts.on_hold, Rule.SIGN_IN_CHANGED),
        (not facts.contributed, Rule.CONTRIBUTED),
        (not facts.in_conflict, Rule.CONFLICT_OF_INTEREST),
        (facts.confirmed, Rule.NOT_CONFIRMED),
        (facts.vouched, Rule.NOT_VOUCHED),
        (not facts.signed, Rule.ALREADY_SIGNED),
    )
    return next((rule for passed, rule in rules if not passed), None)


#: Why members of a step cannot sign a text, for one and for several of them.
OBSTACLES = {
    Rule.INACTIVE: ("has no active account", "have no active account"),
    Rule.CONTRIBUTED: ("wrote in it", "wrote in it"),
    Rule.CONFLICT_OF_INTEREST: ("has a conflict of interest", "have a conflict of interest"),
    Rule.NOT_VOUCHED: ("answers for an expert who signed it", "answer for an expert who signed it"),
    Rule.ALREADY_SIGNED: ("has signed it", "have signed it"),
    Rule.NO_CREDENTIALS: ("has no credentials", "have no credentials"),
    Rule.EXPIRED: ("has expired credentials", "have expired credentials"),
    Rule.NOT_CONFIRMED: ("is not confirmed as a signer", "are not confirmed as signers"),
    Rule.SIGN_IN_CHANGED: ("waits after a change of sign-in facts", "wait after a change of sign-in facts"),
}


def obstacle_text(rule: Rule) -> str:
    """Return why one person cannot sign, by the rule that is not met, as the end of a sentence."""
    return OBSTACLES[rule][0] if rule in OBSTACLES else "is no reviewer of its step"

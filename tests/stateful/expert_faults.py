"""Seeded faults in signatures of outside experts."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from monographs.editions.record import edition_rules, row_rules
from monographs.review import expert_policy
from monographs.review.outside_review import invitation_policy, link_keys, signing_codes
from tests.stateful.seeded_faults import NOT_ENTITLED, Patch, dropped


@contextmanager
def any_code_counts(patch: Patch) -> Iterator[None]:
    """(20) A code that nobody sent proves who the expert is. Disabled: its comparison."""
    patch.setattr(signing_codes, "constant_time_compare", lambda *given: True)
    yield


@contextmanager
def ended_invitations_count(patch: Patch) -> Iterator[None]:
    """(20) An invitation that an editor ended counts. Disabled: its end, in code, database and verifier."""
    for module in (expert_policy, link_keys):
        patch.setattr(module, "end_of", lambda link: None)
    with _unverified(patch):
        yield


@contextmanager
def vouchers_may_write(patch: Patch) -> Iterator[None]:
    """(20) Who answers for an expert may have written the text. Disabled: the rule wherever it is."""
    for module in (expert_policy, invitation_policy):
        patch.setattr(module, "is_among", lambda excluded, person: False)
    with _unverified(patch):
        yield


@contextmanager
def _unverified(patch: Patch) -> Iterator[None]:
    """Disable the rules of invitations in the database and in the verifier."""
    patch.setattr(edition_rules, "vouchers_stand_apart", lambda *given: iter(()))
    rules = [rule for rule in row_rules.ROW_RULES["signatures"] if rule.__name__ != "expert_was_invited"]
    patch.setitem(row_rules.ROW_RULES, "signatures", tuple(rules))
    with ExitStack() as triggers:
        triggers.enter_context(dropped("editions_signature", "expert_was_invited"))
        triggers.enter_context(dropped("editions_edition", "experts_vouched_for"))
        yield


#: Name → the fault, and a pattern of the state machine's finding that identifies it.
EXPERT_FAULTS = {
    "20 any code counts": (any_code_counts, NOT_ENTITLED),
    "20 ended invitations count": (ended_invitations_count, NOT_ENTITLED),
    "20 vouchers may have written": (vouchers_may_write, "vouch"),
}

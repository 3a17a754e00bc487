"""Seeded faults in what passes to other people: while somebody is away, when they leave, and by a link."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from monographs.review import policy
from monographs.review.handover.handover_policy import Successors
from monographs.review.models import Absence
from monographs.review.outside_review import link_keys, outside_actions
from monographs.review.policies import kept_rights
from tests.stateful.seeded_faults import NOT_ENTITLED, Patch


@contextmanager
def delegates_sign(patch: Patch) -> Iterator[None]:
    """(23) Who stands in for a reviewer signs as one.

    Disabled: whether they are a member themselves, now and when their signature is stored.
    """
    original = policy._is_member

    def is_member(user: Any, submission: Any, task: Any) -> bool:
        away = [absence.user for absence in Absence.objects.filter(delegate=user).select_related("user")]
        return any(original(each, submission, task) for each in (user, *away))

    patch.setattr(policy, "_is_member", is_member)
    patch.setattr(kept_rights, "_may_review", lambda user, task: True)
    yield


@contextmanager
def authors_take_over_reviews(patch: Patch) -> Iterator[None]:
    """(24) A review is handed over to anybody. Disabled: whether they may sign the text."""
    patch.setattr(Successors, "_obstacle_to_review", lambda self, submission, person: "")
    yield


@contextmanager
def endless_links(patch: Patch) -> Iterator[None]:
    """(25) A link for an outside expert shows the text, and takes notes, after it has ended."""
    for module in (link_keys, outside_actions):
        patch.setattr(module, "end_of", lambda link: None, raising=False)
    yield


#: Name → the fault, and a pattern of the state machine's finding that identifies it.
ABSENCE_FAULTS = {"23 delegates sign": (delegates_sign, NOT_ENTITLED)}
#: Name → the fault, and the test that finds it.
NAMED_ABSENCE_FAULTS = {
    "24 authors take over reviews": (
        authors_take_over_reviews,
        "tests/review/test_handover.py::test_who_cannot_review_is_refused_at_each_item_and_nothing_changes",
    ),
    "25 links without an end": (endless_links, "tests/outside_review/test_links.py::test_the_link_ends"),
}

"""Operations that are interrupted, with the state of a medicine before and after each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.crash.web import PendingSubmission, WebResponse, WebUser

#: What the admin and the append-only tables hold of a page, see ``facts`` in ``tests/crash/admin_worker.py``.
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class State:
    """The facts of a medicine, and the HTTP statuses of its page, its history and its new figures."""

    facts: Facts
    statuses: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """A request, the states before and after it, and the command that prepares the first."""

    do: Callable[[WebUser, PendingSubmission], WebResponse]
    before: State
    after: State
    prepared_by: str = "in_review"


IN_REVIEW = State(
    {
        "submission": "in_review",
        "workflow": "in_progress",
        "frozen": True,
        "signatures": 0,
        "withdrawals": 0,
        "editions": 1,
        "public": 1,
        "state": "current",
        "admin shows": 1,
    },
    (200, 200, 404),
)
SIGNED = State(
    IN_REVIEW.facts
    | {
        "submission": "signed",
        "workflow": "approved",
        "frozen": False,
        "signatures": 1,
        "editions": 2,
        "public": 2,
        "admin shows": 2,
    },
    (200, 200, 200),
)
_GONE = {"withdrawals": 1, "state": "withdrawn", "admin shows": None}
#: Withdrawn, and its next edition, which was in review, recalled with it.
WITHDRAWN = State(
    IN_REVIEW.facts | _GONE | {"submission": "recalled", "workflow": "cancelled", "frozen": False},
    (410, 410, 404),
)
#: Withdrawn, and its first edition, which has no figure, in review again.
RESTORATION_IN_REVIEW = State(IN_REVIEW.facts | _GONE, (410, 410))
RESTORED = State(SIGNED.facts | {"withdrawals": 1}, (200, 200))
#: Signed for a date that has passed.
DUE = State(
    SIGNED.facts
    | {"submission": "scheduled", "frozen": True}
    | {name: IN_REVIEW.facts[name] for name in ("editions", "public", "admin shows")},
    (200, 200, 404),
)

SIGNING = Operation(WebUser.sign, IN_REVIEW, SIGNED)
WITHDRAWING = Operation(WebUser.withdraw, IN_REVIEW, WITHDRAWN, prepared_by="first_in_review")
RESTORING = Operation(WebUser.sign, RESTORATION_IN_REVIEW, RESTORED, prepared_by="withdraw_and_restore")

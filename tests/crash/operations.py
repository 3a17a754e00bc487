"""What is struck: something done at the desk that patients notice, and what it makes of a medicine."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.crash.web import Waiting, WebResponse, WebUser

#: What desk and record say of a page, see ``tests/crash/sign_off_client.py``.
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class State:
    """What must be said of a medicine, and the statuses of its page, its history and its new figures."""

    facts: Facts
    statuses: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody does, the two states of it, and the question to the clerk that leads to the first."""

    do: Callable[[WebUser, Waiting], WebResponse]
    before: State
    after: State
    led_to_by: str = "in_review"


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
        "desk shows": 1,
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
        "desk shows": 2,
    },
    (200, 200, 200),
)
#: Withdrawn while its next edition is in review, which goes on.
WITHDRAWN = State(
    IN_REVIEW.facts | {"withdrawals": 1, "state": "withdrawn", "desk shows": None}, (410, 410, 404)
)
#: Withdrawn, and its first edition, which has no figure, before reviewers again.
COMING_BACK = State(WITHDRAWN.facts, (410, 410))
BACK = State(SIGNED.facts | {"withdrawals": 1}, (200, 200))
#: Signed, and its day has come.
DUE = State(
    SIGNED.facts
    | {"submission": "scheduled", "frozen": True}
    | {name: IN_REVIEW.facts[name] for name in ("editions", "public", "desk shows")},
    (200, 200, 404),
)

SIGNING = Deed(WebUser.sign, IN_REVIEW, SIGNED)
WITHDRAWING = Deed(WebUser.withdraw, IN_REVIEW, WITHDRAWN, led_to_by="a_few_in_review")
BRINGING_BACK = Deed(WebUser.sign, COMING_BACK, BACK, led_to_by="withdraw_and_bring_back")

"""The fewest steps of the state machine that find each seeded fault at the edges, by its name."""

from typing import Any

from tests.factories import PASSWORD
from tests.stateful.actors import REVIEWERS
from tests.stateful.attack_rules import FORGERIES

#: A rule and its arguments.
Step = tuple[str, dict[str, Any]]

#: Indices of the initial site's pages: the class, a public medicine, and a draft that was never submitted.
PUBLIC, DRAFT = 1, 2
_SUBMIT: Step = ("submit", {"who": "wanda", "page": DRAFT, "kind": "full_review"})
_SIGN: Step = (
    "sign_somehow",
    {"who": "rita", "text": 0, "password": PASSWORD, "stale": False, "prepared": True},
)
_WITHDRAW: Step = ("withdraw", {"who": "rita", "page": 0, "cause": "mistake", "password": PASSWORD})


def _rename(how: str) -> Step:
    return "rename", {"who": "rita", "owner": "rita", "how": how}


def _unfinished(kind: str, page: int) -> list[Step]:
    arguments = {"reviewer": "rita", "writer": "wanda", "page": page, "kind": kind}
    return [("complete_unfinished_block", arguments)]


def _deleted(what: str, how: str) -> list[Step]:
    who = "alma" if how == "view" else "rita"
    return [("delete_what_texts_name", {"who": who, "writer": "wanda", "what": what, "how": how})]


def _race(at: str, *, signature_first: bool) -> list[Step]:
    arguments = {"writer": "wanda", "page": 0, "signature_first": signature_first, "at": at}
    return [("race_a_withdrawal", arguments)]


def _together(*, prepared: bool) -> Step:
    arguments = {"who": "wanda", "page": PUBLIC, "other": DRAFT, "first": 3, "prepared": prepared}
    return "go_through_together", arguments


def _beside(signer: str, choice: str, *, same: bool) -> list[Step]:
    arguments = {"author": "rita", "writer": "wanda", "merger": "alma", "field": "summary"}
    return [("correct_beside_a_draft", {**arguments, "same": same, "choice": choice, "signer": signer})]


def _cite(how: str) -> list[Step]:
    return [("cite_a_source", {"reviewer": "rita", "writer": "wanda", "page": DRAFT, "how": how})]


def _expert(writer: str = "wanda", code: str = "sent", *, ended: bool = False) -> list[Step]:
    arguments = {"writer": writer, "editor": "emil", "page": DRAFT, "code": code, "ended": ended}
    return [("ask_an_expert", arguments)]


#: Name of the fault → ways that find it, each in its last step.
SHORTEST_WAYS: dict[str, list[list[Step]]] = {
    "1 signers named by one person": [[_rename(how), _SUBMIT, _SIGN] for how in ("account", "code", "sql")],
    "2 adopted notes are the writer's": [
        [
            _SUBMIT,
            ("leave_note", {"who": "rita", "text": 0}),
            ("adopt_a_note", {"writer": "wanda", "note": 0}),
        ]
    ],
    # On a page with a signed figure, who leaves one unfinished also counts for the signed words it had
    "2 unfinished blocks are nobody's": [_unfinished("advice", PUBLIC), _unfinished("figure", DRAFT)],
    "2 deletions are nobody's": [_deleted("condition", "view"), _deleted("image", "code")],
    # A withdrawal that is first has changed its row before it waits for the ledger, which stops the signature
    "3 no locks of pages": [_race("ledger", signature_first=True)],
    "4 holds ignored": [[("change_address", {"owner": "rita"}), _SUBMIT, _SIGN]],
    "16 authors review what they wrote": [
        [
            ("carry_on", {"who": "rita", "page": PUBLIC, "first": 4}),
            ("review_unchanged", {"who": "rita", "page": PUBLIC, "password": PASSWORD, "all_ticked": True}),
        ]
    ],
    "6 transition trigger dropped": [[_WITHDRAW, ("forge", {"forgery": FORGERIES[-1]})]],
    "7 due by the web server's clock": [
        [
            ("submit_for_a_day", {"who": "wanda", "page": DRAFT, "hours": 1}),
            ("sign_rightly", {"text": 0, "first": 3}),
            ("run_the_scheduler", {"days": 2}),
        ]
    ],
    "8 any change is a correction": [
        [("correct_a_dose", {"who": "wanda", "page": PUBLIC, "change": change, "doses": 5})]
        for change in ("number", "negation")
    ],
    "10 pages with editions deletable": [
        [_WITHDRAW, ("delete_in_admin", {"who": "alma", "page": 0, "bulk": bulk})] for bulk in (False, True)
    ],
    "14 a sentence says the label's words": [
        [
            ("change_a_label", {"page": 0, "label": 0}),
            ("tell_patients", {"asker": "emil", "signer": "rita", "task": 0, "password": PASSWORD}),
        ]
    ],
    "15 a page of a bundle left out": [[_together(prepared=True)]],
    "15 bundles signed unread": [[_together(prepared=False)]],
    "17 suggested words are the writer's": [
        [
            (
                "suggest_and_answer",
                {"reviewer": "rita", "writer": "wanda", "page": DRAFT, "answer": "accept"},
            )
        ]
    ],
    "18 conflicts of interest ignored": [
        [("declare_conflict", {"who": who, "owner": "rita", "page": DRAFT}), _SUBMIT, _SIGN]
        for who in ("rita", "emil")
    ],
    "19 merged words are nobody's": [_beside("author", "set_aside", same=False)],
    "19 choosing between texts is free": [
        _beside("merger", choice, same=True) for choice in ("set_aside", "latest")
    ],
    "20 any code counts": [_expert(code="guessed")],
    "20 ended invitations count": [_expert(ended=True)],
    "20 vouchers may have written": [_expert("emil")],
    "21 words of sources are nobody's": [_cite("add")],
    "23 delegates sign": [
        [
            ("change_membership", {"who": "rosa", "group": REVIEWERS}),
            ("be_away", {"who": "rolf", "away": "rolf", "delegate": "rosa"}),
            _SUBMIT,
            (_SIGN[0], _SIGN[1] | {"who": "rosa"}),
        ]
    ],
    "12 set-up resets signatures": [[("change_signatures", {"step": 0, "wanted": 2}), ("set_up_again", {})]],
}

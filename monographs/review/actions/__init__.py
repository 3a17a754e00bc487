"""Everything a person can do to a submission: one class each, permission check and change and log in one."""

from monographs.review.actions.noting import AddNote, AnswerNote, ReopenNote, ResolveNote, WithdrawNote
from monographs.review.actions.reading import MarkRead, MarkUnread, TickStatement, look
from monographs.review.actions.recalling import Recall, Return
from monographs.review.actions.restoring import Restore
from monographs.review.actions.signing import MEANING, Sign
from monographs.review.actions.submitting import Submit
from monographs.review.actions.withdrawing import WITHDRAWAL_MEANING, Withdraw

__all__ = [
    "MEANING",
    "WITHDRAWAL_MEANING",
    "AddNote",
    "AnswerNote",
    "MarkRead",
    "MarkUnread",
    "Recall",
    "ReopenNote",
    "ResolveNote",
    "Restore",
    "Return",
    "Sign",
    "Submit",
    "TickStatement",
    "Withdraw",
    "WithdrawNote",
    "look",
]

"""Everything a user can do to a submission: one class per action, with permission check, change and log."""

from monographs.review.actions.change_terms import AskedChange, ChangeTerms, DueChange, NewTerms
from monographs.review.actions.confirm import Confirm, proposal_hash
from monographs.review.actions.declare_conflict import DeclareConflict, EndConflict
from monographs.review.actions.follow_label import FollowLabel, UnfollowLabel
from monographs.review.actions.label_answer import ANSWER_MEANING, AnswerLabel
from monographs.review.actions.notes import AddNote, AnswerNote, ReopenNote, ResolveNote, WithdrawNote
from monographs.review.actions.outside_note import TakeOverNote
from monographs.review.actions.read_marks import MarkRead, MarkUnread, TickStatement, record_view
from monographs.review.actions.recall import Recall, Return
from monographs.review.actions.restore import Restore
from monographs.review.actions.retire import (
    RETIREMENT_MEANING,
    DeclineRetirement,
    ProposeRetirement,
    SignRetirement,
)
from monographs.review.actions.sign import MEANING, Sign
from monographs.review.actions.sign_sentence import SENTENCE_MEANING, AskSentence, SignSentence
from monographs.review.actions.submit import Submit
from monographs.review.actions.withdraw import WITHDRAWAL_MEANING, Withdraw

__all__ = [
    "ANSWER_MEANING",
    "MEANING",
    "RETIREMENT_MEANING",
    "SENTENCE_MEANING",
    "WITHDRAWAL_MEANING",
    "AddNote",
    "AnswerLabel",
    "AnswerNote",
    "AskSentence",
    "AskedChange",
    "ChangeTerms",
    "Confirm",
    "DeclareConflict",
    "DeclineRetirement",
    "DueChange",
    "EndConflict",
    "FollowLabel",
    "MarkRead",
    "MarkUnread",
    "NewTerms",
    "ProposeRetirement",
    "Recall",
    "ReopenNote",
    "ResolveNote",
    "Restore",
    "Return",
    "Sign",
    "SignRetirement",
    "SignSentence",
    "Submit",
    "TakeOverNote",
    "TickStatement",
    "UnfollowLabel",
    "Withdraw",
    "WithdrawNote",
    "proposal_hash",
    "record_view",
]

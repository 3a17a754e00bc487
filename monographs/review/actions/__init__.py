"""Everything a user can do to a submission: one class per action, with permission check, change and log."""

from monographs.review.actions.answer_source import AnswerSource
from monographs.review.actions.apply_remedy import ApplyRemedy
from monographs.review.actions.assign_review import AssignReview, NewReviewer, ReviewerChange
from monographs.review.actions.bundle_marks import MarkSameRead
from monographs.review.actions.bundles import AddToBundle, MakeBundle, ReturnBundle, TakeOut
from monographs.review.actions.change_terms import AskedChange, ChangeTerms, DueChange, NewTerms
from monographs.review.actions.claims import Claim, ClaimBundle, Release, ReleaseBundle
from monographs.review.actions.confirm import Confirm, proposal_hash
from monographs.review.actions.declare_conflict import DeclareConflict, EndConflict
from monographs.review.actions.follow_label import FollowLabel, UnfollowLabel
from monographs.review.actions.label_answer import ANSWER_MEANING, AnswerLabel
from monographs.review.actions.notes import AddNote, AnswerNote, ReopenNote, ResolveNote, WithdrawNote
from monographs.review.actions.outside_note import TakeOverNote
from monographs.review.actions.read_marks import (
    MarkAllRead,
    MarkRead,
    MarkUnread,
    TickStatement,
    record_view,
)
from monographs.review.actions.recall import Recall, Return
from monographs.review.actions.replace_source import ReplaceSource, SourceReplacement
from monographs.review.actions.replace_words import ReplaceWords, WordChange
from monographs.review.actions.restore import Restore
from monographs.review.actions.retire import (
    RETIREMENT_MEANING,
    DeclineRetirement,
    ProposeRetirement,
    SignRetirement,
)
from monographs.review.actions.set_aside import LeaveDraft, MergeDraft, SetAside
from monographs.review.actions.sign import MEANING, Sign
from monographs.review.actions.sign_bundle import SignBundle
from monographs.review.actions.sign_sentence import SENTENCE_MEANING, AskSentence, SignSentence
from monographs.review.actions.sign_unchanged import UNCHANGED_MEANING, SignUnchanged
from monographs.review.actions.submit import Submit
from monographs.review.actions.suggest import (
    AcceptSuggestion,
    ChosenWords,
    DeclineSuggestion,
    Suggest,
    WithdrawSuggestion,
)
from monographs.review.actions.suggestion_exemption import ConfirmExemption, SetExemption
from monographs.review.actions.take_over_names import NewName, TakeOverNames
from monographs.review.actions.update_standard_text import UpdateStandardText, VersionChange
from monographs.review.actions.withdraw import WITHDRAWAL_MEANING, Withdraw

__all__ = [
    "ANSWER_MEANING",
    "MEANING",
    "RETIREMENT_MEANING",
    "SENTENCE_MEANING",
    "UNCHANGED_MEANING",
    "WITHDRAWAL_MEANING",
    "AcceptSuggestion",
    "AddNote",
    "AddToBundle",
    "AnswerLabel",
    "AnswerNote",
    "AnswerSource",
    "ApplyRemedy",
    "AskSentence",
    "AskedChange",
    "AssignReview",
    "ChangeTerms",
    "ChosenWords",
    "Claim",
    "ClaimBundle",
    "Confirm",
    "ConfirmExemption",
    "DeclareConflict",
    "DeclineRetirement",
    "DeclineSuggestion",
    "DueChange",
    "EndConflict",
    "FollowLabel",
    "LeaveDraft",
    "MakeBundle",
    "MarkAllRead",
    "MarkRead",
    "MarkSameRead",
    "MarkUnread",
    "MergeDraft",
    "NewName",
    "NewReviewer",
    "NewTerms",
    "ProposeRetirement",
    "Recall",
    "Release",
    "ReleaseBundle",
    "ReopenNote",
    "ReplaceSource",
    "ReplaceWords",
    "ResolveNote",
    "Restore",
    "Return",
    "ReturnBundle",
    "ReviewerChange",
    "SetAside",
    "SetExemption",
    "Sign",
    "SignBundle",
    "SignRetirement",
    "SignSentence",
    "SignUnchanged",
    "SourceReplacement",
    "Submit",
    "Suggest",
    "TakeOut",
    "TakeOverNames",
    "TakeOverNote",
    "TickStatement",
    "UnfollowLabel",
    "UpdateStandardText",
    "VersionChange",
    "Withdraw",
    "WithdrawNote",
    "WithdrawSuggestion",
    "WordChange",
    "proposal_hash",
    "record_view",
]

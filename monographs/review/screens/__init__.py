"""Views of the review screens: queue, review, submission, record, comparison and help."""

from monographs.review.screens.compare import (
    CompareChoiceView,
    CompareView,
    RedlineFileView,
    RedlinePdfView,
)
from monographs.review.screens.conflict_views import ConflictsView, EndConflictView
from monographs.review.screens.decisions import RecallView, ReturnView, SignView
from monographs.review.screens.document_preview import DocumentView, FigureView
from monographs.review.screens.help import HelpPictureView, HelpView
from monographs.review.screens.mention_views import MentionNamesView
from monographs.review.screens.public_place import PublicPlaceView
from monographs.review.screens.queue import QueueView
from monographs.review.screens.record import RecordView, RestoreView, WithdrawView
from monographs.review.screens.remedy_form import RemedyView
from monographs.review.screens.retirement import (
    DeclineRetirementView,
    ProposeRetirementView,
    SignRetirementView,
)
from monographs.review.screens.review import ReviewView
from monographs.review.screens.review_claims import ClaimView, LookingView
from monographs.review.screens.review_progress import MarkView, NoteAnswerView, NoteView, TickView
from monographs.review.screens.signers import ConfirmView, SignersView
from monographs.review.screens.site_dictionary import DictionaryView
from monographs.review.screens.submit import SubmitView
from monographs.review.screens.suggested_changes import (
    PassagesToChangeView,
    SuggestionAnswerView,
    SuggestionExemptionView,
    SuggestView,
)
from monographs.review.screens.word_files import RedlineWordView, WordFileView
from monographs.review.screens.word_return import WordReturnView
from monographs.review.screens.workflow_changes import WorkflowChangeDecisionView, WorkflowChangesView

__all__ = [
    "ClaimView",
    "CompareChoiceView",
    "CompareView",
    "ConfirmView",
    "ConflictsView",
    "DeclineRetirementView",
    "DictionaryView",
    "DocumentView",
    "EndConflictView",
    "FigureView",
    "HelpPictureView",
    "HelpView",
    "LookingView",
    "MarkView",
    "MentionNamesView",
    "NoteAnswerView",
    "NoteView",
    "PassagesToChangeView",
    "ProposeRetirementView",
    "PublicPlaceView",
    "QueueView",
    "RecallView",
    "RecordView",
    "RedlineFileView",
    "RedlinePdfView",
    "RedlineWordView",
    "RemedyView",
    "RestoreView",
    "ReturnView",
    "ReviewView",
    "SignRetirementView",
    "SignView",
    "SignersView",
    "SubmitView",
    "SuggestView",
    "SuggestionAnswerView",
    "SuggestionExemptionView",
    "TickView",
    "WithdrawView",
    "WordFileView",
    "WordReturnView",
    "WorkflowChangeDecisionView",
    "WorkflowChangesView",
]

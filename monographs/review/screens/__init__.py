"""Views of the review screens: queue, review, submission, record, comparison and help."""

from monographs.review.screens.compare import (
    CompareChoiceView,
    CompareView,
    RedlineFileView,
    RedlinePdfView,
)
from monographs.review.screens.decisions import RecallView, ReturnView, SignView
from monographs.review.screens.document_preview import DocumentView, FigureView
from monographs.review.screens.help import HelpPictureView, HelpView
from monographs.review.screens.queue import QueueView
from monographs.review.screens.record import RecordView, RestoreView, WithdrawView
from monographs.review.screens.review import ReviewView
from monographs.review.screens.review_progress import MarkView, NoteAnswerView, NoteView, TickView
from monographs.review.screens.signers import ConfirmView, SignersView
from monographs.review.screens.submit import SubmitView

__all__ = [
    "CompareChoiceView",
    "CompareView",
    "ConfirmView",
    "DocumentView",
    "FigureView",
    "HelpPictureView",
    "HelpView",
    "MarkView",
    "NoteAnswerView",
    "NoteView",
    "QueueView",
    "RecallView",
    "RecordView",
    "RedlineFileView",
    "RedlinePdfView",
    "RestoreView",
    "ReturnView",
    "ReviewView",
    "SignView",
    "SignersView",
    "SubmitView",
    "TickView",
    "WithdrawView",
]

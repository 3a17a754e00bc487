"""Screens of the review: queue, one review, submitting."""

from monographs.review.views.answers import RecallView, ReturnView, SignView
from monographs.review.views.compare import (
    CompareChoiceView,
    CompareView,
    RedlineFileView,
    RedlinePdfView,
)
from monographs.review.views.document import DocumentView, FigureView
from monographs.review.views.help import HelpPictureView, HelpView
from monographs.review.views.queue import QueueView
from monographs.review.views.reading import MarkView, NoteAnswerView, NoteView, TickView
from monographs.review.views.record import RecordView, RestoreView, WithdrawView
from monographs.review.views.review import ReviewView
from monographs.review.views.submit import SubmitView

__all__ = [
    "CompareChoiceView",
    "CompareView",
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
    "SubmitView",
    "TickView",
    "WithdrawView",
]

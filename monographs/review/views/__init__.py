"""Screens of the review: queue, one review, submitting."""

from monographs.review.views.compare import (
    CompareChoiceView,
    CompareView,
    RedlineFileView,
    RedlinePdfView,
)
from monographs.review.views.queue import QueueView
from monographs.review.views.record import RecordView, RestoreView, WithdrawView
from monographs.review.views.review import (
    DocumentView,
    FigureView,
    RecallView,
    ReturnView,
    ReviewView,
    SignView,
)
from monographs.review.views.submit import SubmitView

__all__ = [
    "CompareChoiceView",
    "CompareView",
    "DocumentView",
    "FigureView",
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
    "WithdrawView",
]

"""What the desk remembers of reviews: who reviews, what was submitted, how far each has come."""

from monographs.review.models.notes import Note, NoteReply, NoteStatus
from monographs.review.models.notices import Notice, NoticePreference
from monographs.review.models.profile import ReviewerProfile
from monographs.review.models.progress import ChecklistStatement, Look, SectionRead, Tick
from monographs.review.models.submission import UNDER_WAY, Submission, SubmissionStatus
from monographs.review.models.task import FrozenLock, MedicalReviewTask

__all__ = [
    "UNDER_WAY",
    "ChecklistStatement",
    "FrozenLock",
    "Look",
    "MedicalReviewTask",
    "Note",
    "NoteReply",
    "NoteStatus",
    "Notice",
    "NoticePreference",
    "ReviewerProfile",
    "SectionRead",
    "Submission",
    "SubmissionStatus",
    "Tick",
]

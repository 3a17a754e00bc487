"""Models of the review: reviewers' profiles, submissions, progress, notes and notices."""

from monographs.review.models.notes import Note, NoteReply, NoteStatus
from monographs.review.models.notices import Notice, NoticePreference
from monographs.review.models.profile import ReviewerProfile
from monographs.review.models.progress import ChecklistStatement, SectionRead, SubmissionView, Tick
from monographs.review.models.retirement_proposal import ProposalStatus, RetirementProposal
from monographs.review.models.submission import UNDER_WAY, Submission, SubmissionStatus, submission_of
from monographs.review.models.task import FrozenLock, MedicalReviewTask

__all__ = [
    "UNDER_WAY",
    "ChecklistStatement",
    "FrozenLock",
    "MedicalReviewTask",
    "Note",
    "NoteReply",
    "NoteStatus",
    "Notice",
    "NoticePreference",
    "ProposalStatus",
    "RetirementProposal",
    "ReviewerProfile",
    "SectionRead",
    "Submission",
    "SubmissionStatus",
    "SubmissionView",
    "Tick",
    "submission_of",
]

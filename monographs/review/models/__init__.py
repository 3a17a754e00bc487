"""Models of the review: reviewers' profiles, submissions, progress, notes and notices."""

from monographs.review.models.absence import Absence
from monographs.review.models.assignment import ReviewAssignment
from monographs.review.models.claim import ReviewClaim
from monographs.review.models.credential import Credential
from monographs.review.models.draft_authorship import DraftAuthorship
from monographs.review.models.draft_standard_text import DraftStandardText
from monographs.review.models.notes import Note, NoteReply, NoteStatus
from monographs.review.models.notices import Notice, NoticePreference
from monographs.review.models.outside_link import (
    OUTSIDE_EXPERT,
    OutsideLink,
    OutsideVisit,
    SigningCode,
    VisitKind,
)
from monographs.review.models.profile import ReviewerProfile
from monographs.review.models.progress import ChecklistStatement, SectionRead, SubmissionView, Tick
from monographs.review.models.retirement_proposal import ProposalStatus, RetirementProposal
from monographs.review.models.review_bundle import ReviewBundle
from monographs.review.models.second_person import NeedsSecondPerson
from monographs.review.models.sentence_request import SentenceRequest
from monographs.review.models.set_aside_draft import SetAsideDraft, SetAsideStatus
from monographs.review.models.submission import (
    UNDER_WAY,
    UNEXPLAINED_RECALL,
    Submission,
    SubmissionStatus,
    submission_of,
    submission_with_step,
)
from monographs.review.models.suggestion import Suggestion, SuggestionExemption, SuggestionStatus
from monographs.review.models.task import FrozenLock, MedicalReviewTask
from monographs.review.models.workflow_change import WorkflowChange, WorkflowChangeStatus

__all__ = [
    "OUTSIDE_EXPERT",
    "UNDER_WAY",
    "UNEXPLAINED_RECALL",
    "Absence",
    "ChecklistStatement",
    "Credential",
    "DraftAuthorship",
    "DraftStandardText",
    "FrozenLock",
    "MedicalReviewTask",
    "NeedsSecondPerson",
    "Note",
    "NoteReply",
    "NoteStatus",
    "Notice",
    "NoticePreference",
    "OutsideLink",
    "OutsideVisit",
    "ProposalStatus",
    "RetirementProposal",
    "ReviewAssignment",
    "ReviewBundle",
    "ReviewClaim",
    "ReviewerProfile",
    "SectionRead",
    "SentenceRequest",
    "SetAsideDraft",
    "SetAsideStatus",
    "SigningCode",
    "Submission",
    "SubmissionStatus",
    "SubmissionView",
    "Suggestion",
    "SuggestionExemption",
    "SuggestionStatus",
    "Tick",
    "VisitKind",
    "WorkflowChange",
    "WorkflowChangeStatus",
    "submission_of",
    "submission_with_step",
]

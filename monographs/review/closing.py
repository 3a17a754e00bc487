"""A submission ends once."""

from django.utils import timezone

from monographs.editions.ledger import Event, record
from monographs.editions.people import Person
from monographs.review.models import Submission, SubmissionStatus


def close(submission: Submission, status: SubmissionStatus, by: Person, outcome: str) -> None:
    """Mark how and by whom the review of ``submission`` ended."""
    submission.status = status
    submission.closed_at = timezone.now()
    submission.closer = by.as_record()
    submission.outcome = outcome
    submission.save(update_fields=["status", "closed_at", "closer", "outcome"])


def close_recalled(submission: Submission, by: Person) -> None:
    """End a review that was taken back, and tell the ledger."""
    close(submission, SubmissionStatus.RECALLED, by, "Recalled")
    record(
        Event.RECALLED,
        by,
        {"submission": str(submission.uuid), "sha256": submission.sha256},
        subject=submission.key,
    )

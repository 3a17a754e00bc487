"""A submission ends once; signatures given to one that ends without an edition are void, and say so."""

from django.utils import timezone

from monographs.editions.ledger import Event, append_entry
from monographs.editions.models import Signature
from monographs.editions.person import Person
from monographs.review import notifications
from monographs.review.models import Submission, SubmissionStatus


def close(submission: Submission, status: SubmissionStatus, by: Person, outcome: str) -> None:
    """Mark how and by whom the review of ``submission`` ended."""
    submission.status = status
    submission.closed_at = timezone.now()
    submission.closer = by.as_record()
    submission.outcome = outcome
    submission.save(update_fields=["status", "closed_at", "closer", "outcome"])


def close_recalled(submission: Submission, by: Person, reason: str = "") -> None:
    """End a review, or a scheduled publication, that was taken back."""
    _take_back(submission, SubmissionStatus.RECALLED, Event.RECALLED, by, reason, reason or "Recalled")


def close_returned(submission: Submission, by: Person, reason: str) -> None:
    """End a review whose text goes back to its writers."""
    _take_back(submission, SubmissionStatus.RETURNED, Event.RETURNED, by, reason, reason)
    notifications.returned(submission, by, reason)


def _take_back(
    submission: Submission, status: SubmissionStatus, event: Event, by: Person, reason: str, outcome: str
) -> None:
    close(submission, status, by, outcome)
    append_entry(
        event,
        by,
        {"submission": str(submission.uuid), "sha256": submission.sha256, "reason": reason},
        subject=submission.key,
    )
    _void_signatures(submission, by, reason)


def _void_signatures(submission: Submission, by: Person, reason: str) -> None:
    """Tell the ledger, and those who signed, that their signatures count for nothing any more.

    A later submission is another act, so they would not count for it in any case, even of the same text.
    """
    for signature in Signature.objects.filter(submission=submission.uuid).order_by("pk"):
        append_entry(
            Event.VOIDED,
            by,
            {"signature": signature.pk, "submission": str(submission.uuid), "sha256": signature.sha256},
            subject=submission.key,
        )
        notifications.signature_void(signature, submission, by, reason)

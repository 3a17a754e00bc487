"""Ending a submission; if it ends without an edition, its signatures are void and recorded as void."""

from functools import partial

from django.contrib.auth.models import User
from django.db import transaction

from monographs.accounts import account_emails
from monographs.core.db_clock import database_now
from monographs.editions.ledger import Event, append_entry
from monographs.editions.models import Signature
from monographs.editions.person import Person
from monographs.editions.record.expert_rules import OUTSIDE
from monographs.review import notifications
from monographs.review.models import UNEXPLAINED_RECALL, Submission, SubmissionStatus


def close(submission: Submission, status: SubmissionStatus, by: Person, outcome: str) -> None:
    """Store how and by whom the review of ``submission`` ended."""
    submission.status = status
    submission.closed_at = database_now()
    submission.closer = by.as_record()
    submission.outcome = outcome
    submission.save(update_fields=["status", "closed_at", "closer", "outcome"])


def close_recalled(submission: Submission, by: Person, reason: str = "") -> None:
    """End a review, or a scheduled publication, that was recalled."""
    outcome = reason or UNEXPLAINED_RECALL
    _close_unsigned(submission, SubmissionStatus.RECALLED, Event.RECALLED, by, reason, outcome)
    notifications.bundle_kept_back(submission, by, reason)


def close_returned(submission: Submission, by: Person, reason: str) -> None:
    """End a review whose text goes back to its writers."""
    _close_unsigned(submission, SubmissionStatus.RETURNED, Event.RETURNED, by, reason, reason)
    notifications.returned(submission, by, reason)


def _close_unsigned(
    submission: Submission, status: SubmissionStatus, event: Event, by: Person, reason: str, outcome: str
) -> None:
    close(submission, status, by, outcome)
    data = {"submission": str(submission.uuid), "sha256": submission.sha256, "reason": reason}
    if submission.bundle is not None:
        data |= {"bundle": str(submission.bundle.uuid), "title": submission.bundle.title}
    append_entry(event, by, data, subject=submission.key)
    _void_signatures(submission, by, reason)


def _void_signatures(submission: Submission, by: Person, reason: str) -> None:
    """Record in the ledger that the submission's signatures are void, and notify their signers.

    A later submission has a ``uuid`` of its own, so they would not count for it in any case, even if the text
    is the same.
    """
    for signature in Signature.objects.filter(submission=submission.uuid).order_by("pk"):
        append_entry(
            Event.VOIDED,
            by,
            {"signature": signature.pk, "submission": str(submission.uuid), "sha256": signature.sha256},
            subject=submission.key,
        )
        notifications.signature_void(signature, submission, by, reason)
        if signature.username.startswith(OUTSIDE):
            _tell_expert(signature, submission.title)


def _tell_expert(signature: Signature, title: str) -> None:
    """Email an outside expert, who has no access to the admin and so gets none of its notices."""
    expert = User.objects.filter(pk=signature.user_id, is_active=True).first()
    if expert is not None:
        transaction.on_commit(partial(account_emails.send_void_email, expert, title), robust=True)

"""Publishing scheduled submissions whose time has come."""

import logging
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import DatabaseError, transaction

from monographs.core.conflict_retry import retry_conflicts
from monographs.core.db_clock import database_now
from monographs.document.versions.stored_document import UnknownVersion
from monographs.editions.models import Edition
from monographs.editions.person import SYSTEM
from monographs.pages.refusals import PolicyError
from monographs.review import notifications
from monographs.review.models import Submission, SubmissionStatus
from monographs.review.publication.integrity import unchanged_draft
from monographs.review.publication.publish import publish
from monographs.review.record_locks import lock_record
from monographs.review.record_transaction import record_transaction

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ScheduledOutcome:
    """The result for one due submission: its edition, or why it could not be published."""

    submission: Submission
    edition: Edition | None = None
    failure: str = ""


def due_submissions(now: datetime | None = None) -> list[Submission]:
    """Return the scheduled submissions that should be public by ``now``, the earliest first."""
    due = Submission.objects.filter(status=SubmissionStatus.SCHEDULED, publish_at__lte=now or database_now())
    return list(due.order_by("publish_at", "pk"))


def publish_due(now: datetime | None = None) -> list[ScheduledOutcome]:
    """Publish due submissions, each in a transaction of its own, so that one failure delays no other."""
    outcomes = map(_publish_one, due_submissions(now))
    return [outcome for outcome in outcomes if outcome]


def _publish_one(submission: Submission) -> ScheduledOutcome | None:
    """Publish one; None if it was recalled, or published by another process, since it was listed."""
    try:
        return retry_conflicts(partial(_publish_locked, submission))
    except UnknownVersion as error:  # a newer release is replacing this one, and will publish it
        logger.warning("%s is left to the newer release: its text is %s", submission, error)
        return ScheduledOutcome(submission, failure=f"Its text is {error}.")
    except (PolicyError, DatabaseError, ValueError, OSError) as error:
        return _failed(submission, str(error))


def _publish_locked(submission: Submission) -> ScheduledOutcome | None:
    with record_transaction():
        lock_record(submission.key)
        locked = Submission.objects.with_step().get(pk=submission.pk)
        if not locked.is_scheduled:
            return None
        return ScheduledOutcome(locked, edition=publish(locked, unchanged_draft(locked), SYSTEM))


def _failed(submission: Submission, reason: str) -> ScheduledOutcome:
    """Log the failure, and notify editors, once for each reason: it is tried again each second."""
    if retry_conflicts(partial(_store_failure, submission, reason)):
        logger.error("%s is due but could not be published: %s", submission, reason)
    return ScheduledOutcome(submission, failure=reason)


@transaction.atomic
def _store_failure(submission: Submission, reason: str) -> bool:
    """Store why a text is not published; return whether the reason is new."""
    lock_record(submission.key)
    locked = Submission.objects.get(pk=submission.pk)
    outcome = f"Could not be published: {reason}"
    if locked.is_scheduled and locked.outcome != outcome:
        locked.outcome = outcome
        locked.save(update_fields=["outcome"])
        notifications.not_published(locked, reason)
        return True
    return False

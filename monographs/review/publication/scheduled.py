"""Publishing scheduled submissions whose time has come."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, transaction
from django.utils import timezone

from monographs.document.versions.stored_document import UnknownVersion
from monographs.editions.models import Edition
from monographs.editions.person import SYSTEM
from monographs.pages.refusals import PolicyError
from monographs.review import notifications
from monographs.review.models import Submission, SubmissionStatus
from monographs.review.publication.integrity import unchanged_revision
from monographs.review.publication.publish import publish

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ScheduledOutcome:
    """The result for one due submission: its edition, or why it could not be published."""

    submission: Submission
    edition: Edition | None = None
    failure: str = ""


def due_submissions(now: datetime | None = None) -> list[Submission]:
    """Return the scheduled submissions that should be public by ``now``, the earliest first."""
    due = Submission.objects.filter(status=SubmissionStatus.SCHEDULED, publish_at__lte=now or timezone.now())
    return list(due.order_by("publish_at", "pk"))


def publish_due(now: datetime | None = None) -> list[ScheduledOutcome]:
    """Publish due submissions, each in a transaction of its own, so that one failure delays no other."""
    return [_publish_one(submission) for submission in due_submissions(now)]


def _publish_one(submission: Submission) -> ScheduledOutcome:
    try:
        with transaction.atomic():
            locked = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
            if not locked.is_scheduled:  # recalled, or published by another run, since it was listed
                return ScheduledOutcome(locked, failure="It is no longer scheduled.")
            return ScheduledOutcome(locked, edition=publish(locked, unchanged_revision(locked), SYSTEM))
    except UnknownVersion as error:  # a newer release is replacing this one, and will publish it
        logger.warning("%s is left to the newer release: its text is %s", submission, error)
        return ScheduledOutcome(submission, failure=f"Its text is {error}.")
    except (PolicyError, DatabaseError, ValueError, OSError) as error:
        return _failed(submission, str(error))


def _failed(submission: Submission, reason: str) -> ScheduledOutcome:
    """Log the failure each time; notify editors once for each reason."""
    logger.error("%s is due but could not be published: %s", submission, reason)
    outcome = f"Could not be published: {reason}"
    with transaction.atomic():
        locked = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
        if locked.is_scheduled and locked.outcome != outcome:
            locked.outcome = outcome
            locked.save(update_fields=["outcome"])
            notifications.not_published(locked, reason)
    return ScheduledOutcome(submission, failure=reason)

"""Signed texts whose day has come."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, transaction
from django.utils import timezone

from monographs.editions.models import Edition
from monographs.editions.person import SYSTEM
from monographs.review import notifications
from monographs.review.integrity import unchanged_revision
from monographs.review.models import Submission, SubmissionStatus
from monographs.review.publication import publish
from monographs.review.refusals import ReviewRefused

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ScheduledOutcome:
    """What became of one text that was due: its edition, or why it could not be published."""

    submission: Submission
    edition: Edition | None = None
    failure: str = ""


def due_submissions(now: datetime | None = None) -> list[Submission]:
    """Signed texts that should be public by ``now``, in the order of their days."""
    waiting = Submission.objects.filter(
        status=SubmissionStatus.SCHEDULED, publish_at__lte=now or timezone.now()
    )
    return list(waiting.order_by("publish_at", "pk"))


def publish_due(now: datetime | None = None) -> list[ScheduledOutcome]:
    """Publish what is due, each text in a transaction of its own: one that fails holds up no other."""
    return [_publish_one(submission) for submission in due_submissions(now)]


def _publish_one(submission: Submission) -> ScheduledOutcome:
    try:
        with transaction.atomic():
            held = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
            if not held.is_scheduled:  # recalled, or published by another run, since it was listed
                return ScheduledOutcome(held, failure="It is no longer scheduled.")
            return ScheduledOutcome(held, edition=publish(held, unchanged_revision(held), SYSTEM))
    except (ReviewRefused, DatabaseError, ValueError, OSError) as error:
        return _failed(submission, str(error))


def _failed(submission: Submission, why: str) -> ScheduledOutcome:
    """Say so in the log each time, and to editors once for each cause."""
    logger.error("%s is due but could not be published: %s", submission, why)
    outcome = f"Could not be published: {why}"
    with transaction.atomic():
        held = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
        if held.is_scheduled and held.outcome != outcome:
            held.outcome = outcome
            held.save(update_fields=["outcome"])
            notifications.not_published(held, why)
    return ScheduledOutcome(submission, failure=why)

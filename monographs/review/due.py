"""Signed texts whose day has come."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, transaction
from django.utils import timezone

from monographs.editions.models import Edition
from monographs.editions.people import SYSTEM
from monographs.review import notices
from monographs.review.finish import publish
from monographs.review.frozen import unchanged_revision
from monographs.review.models import Submission, SubmissionStatus
from monographs.review.refusals import Refused

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one text that was due: its edition, or why it could not be published."""

    submission: Submission
    edition: Edition | None = None
    failure: str = ""


def due(now: datetime | None = None) -> list[Submission]:
    """Signed texts that should be public by ``now``, in the order of their days."""
    waiting = Submission.objects.filter(
        status=SubmissionStatus.SCHEDULED, publish_at__lte=now or timezone.now()
    )
    return list(waiting.order_by("publish_at", "pk"))


def publish_due(now: datetime | None = None) -> list[Outcome]:
    """Publish what is due, each text in a transaction of its own: one that fails holds up no other."""
    return [_publish_one(submission) for submission in due(now)]


def _publish_one(submission: Submission) -> Outcome:
    try:
        with transaction.atomic():
            held = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
            if not held.is_scheduled:  # recalled, or published by another run, since it was listed
                return Outcome(held, failure="It is no longer scheduled.")
            return Outcome(held, edition=publish(held, unchanged_revision(held), SYSTEM))
    except (Refused, DatabaseError, ValueError, OSError) as error:
        return _failed(submission, str(error))


def _failed(submission: Submission, why: str) -> Outcome:
    """Say so in the log each time, and to editors once for each cause."""
    logger.error("%s is due but could not be published: %s", submission, why)
    outcome = f"Could not be published: {why}"
    with transaction.atomic():
        held = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
        if held.is_scheduled and held.outcome != outcome:
            held.outcome = outcome
            held.save(update_fields=["outcome"])
            notices.not_published(held, why)
    return Outcome(submission, failure=why)

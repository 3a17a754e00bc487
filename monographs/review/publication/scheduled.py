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
from monographs.review.publication.whole_bundle import refuse_due_part
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
    """Publish due submissions, each in a transaction of its own, so that one failure delays no other.

    Those of a bundle are published in one transaction, all or none.
    """
    return [outcome for group in _in_bundles(due_submissions(now)) for outcome in _publish_group(group)]


def _in_bundles(due: list[Submission]) -> list[list[Submission]]:
    """Return the submissions in their order, those of a bundle together at the place of its first one."""
    groups: dict[str, list[Submission]] = {}
    for submission in due:
        name = f"bundle {submission.bundle_id}" if submission.bundle_id else str(submission.pk)
        groups.setdefault(name, []).append(submission)
    return list(groups.values())


def _publish_group(group: list[Submission]) -> list[ScheduledOutcome]:
    """Publish a group, without those that were recalled, or published by another process, since listed."""
    try:
        return retry_conflicts(partial(_publish_locked, group))
    except UnknownVersion as error:  # a newer release is replacing this one, and will publish it
        logger.warning("%s is left to the newer release: its text is %s", group[0], error)
        return [ScheduledOutcome(submission, failure=f"Its text is {error}.") for submission in group]
    except (PolicyError, DatabaseError, ValueError, OSError) as error:
        return [_failed(submission, str(error)) for submission in group]


def _publish_locked(group: list[Submission]) -> list[ScheduledOutcome]:
    with record_transaction():
        lock_record(*(submission.key for submission in group))
        locked = Submission.objects.with_step().filter(pk__in=[submission.pk for submission in group])
        waiting = [each for each in locked.order_by("publish_at", "pk") if each.is_scheduled]
        refuse_due_part(waiting)
        return [_published(each, named=len(group) > 1) for each in waiting]


def _published(submission: Submission, *, named: bool) -> ScheduledOutcome:
    """Publish a submission whose record is locked; ``named`` adds its title to a refusal."""
    try:
        edition = publish(submission, unchanged_draft(submission), SYSTEM)
    except PolicyError as refusal:
        if named:
            raise PolicyError(refusal.rule, f"“{submission.title}”: {refusal.message}") from refusal
        raise
    return ScheduledOutcome(submission, edition=edition)


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

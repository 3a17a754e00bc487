"""Deletion of feedback, because comments may contain personal data that readers were asked not to write."""

import logging
from datetime import timedelta

from monographs.core.db_clock import database_now
from monographs.feedback.models import Feedback

#: A year, so that feedback is still there at a page's next review.
RETENTION_DAYS = 365
MOST_DAYS = 36_500

logger = logging.getLogger(__name__)


def delete_old_answers(days: int = RETENTION_DAYS) -> int:
    """Delete answers older than ``days``, and return their number. Raises ``ValueError`` for no age."""
    if not 1 <= days <= MOST_DAYS:
        raise ValueError("Answers must be kept for at least one day, and at most a hundred years.")
    deleted, _ = Feedback.objects.filter(at__lt=database_now() - timedelta(days=days)).delete()
    return deleted


def erase_comment(answer: Feedback, username: str) -> None:
    """Erase the comment of an answer, and log that ``username`` did so. The answer itself is kept."""
    answer.words = ""
    answer.save(update_fields=["words"])
    logger.info(
        "%s erased the comment of answer %s about %s/%s", username, answer.pk, answer.slug, answer.number
    )

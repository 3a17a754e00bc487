"""What readers said is not kept for good: their words may hold what they were asked not to write."""

import logging
from datetime import timedelta

from django.utils import timezone

from monographs.feedback.models import Feedback

#: A year: as long as a page may wait for its review, so that its reviewers still find it.
KEPT_DAYS = 365

logger = logging.getLogger(__name__)


def delete_old_answers(days: int = KEPT_DAYS) -> int:
    """Delete answers older than ``days``, and say how many. Raises ``ValueError`` for less than a day."""
    if days < 1:
        raise ValueError("Answers are kept for a day at least.")
    gone, _ = Feedback.objects.filter(at__lt=timezone.now() - timedelta(days=days)).delete()
    return gone


def erase_words(answer: Feedback, by: str) -> None:
    """Take away what a reader wrote, not what they answered. ``by`` is the sign-in name of who does it."""
    answer.words = ""
    answer.save(update_fields=["words"])
    logger.info("words of answer %s about %s/%s erased by %s", answer.pk, answer.slug, answer.number, by)

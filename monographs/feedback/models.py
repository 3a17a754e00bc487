"""One reader's answer."""

from datetime import datetime

from django.db import models
from django.utils import timezone

#: Letters of what somebody was looking for: enough for a question, too few for a case history.
MAX_WORDS = 500


def this_minute() -> datetime:
    """Now, to the minute: an answer is not to be found again in a log by the moment it was sent."""
    return timezone.now().replace(second=0, microsecond=0)


class Helpfulness(models.TextChoices):
    """Whether a page helped."""

    YES = "yes", "Yes"
    NO = "no", "No"
    UNSURE = "unsure", "Not sure"


class Feedback(models.Model):
    """An answer about one edition, held by value, so that it stays about that text.

    Neither who sent it nor from where is kept.
    """

    key = models.UUIDField()
    slug = models.CharField("page", max_length=255)
    title = models.CharField("medicine", max_length=255)
    number = models.PositiveIntegerField("edition")
    sha256 = models.CharField("hash of the edition", max_length=64)
    answer = models.CharField(max_length=10, choices=Helpfulness)
    words = models.CharField("looking for", max_length=MAX_WORDS, blank=True)
    at = models.DateTimeField("sent", default=this_minute, editable=False)

    class Meta:
        default_permissions = ["view"]
        indexes = [
            models.Index(fields=["at"], name="feedback_at"),
            models.Index(fields=["slug", "number"], name="feedback_edition"),
        ]
        ordering = ["-at", "-pk"]
        verbose_name_plural = "feedback"

    def __str__(self) -> str:
        return f"{self.get_answer_display()}: {self.slug}/{self.number}"

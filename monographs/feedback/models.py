"""The model of one reader's feedback."""

from datetime import datetime

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import models

from monographs.core.db_clock import database_now

#: Characters of a comment: enough for a question, too few for a case history.
MAX_COMMENT_LENGTH = 500


def this_minute() -> datetime:
    """Return the current time to the minute, so that access logs cannot be matched with answers."""
    return database_now().replace(second=0, microsecond=0)


class Helpfulness(models.TextChoices):
    """Whether a page helped."""

    YES = "yes", "Yes"
    NO = "no", "No"
    UNSURE = "unsure", "Not sure"


def newest_value(field: str) -> models.Func:
    """Return the aggregate that is ``field`` of the newest answer: a page's name by now, not one before."""
    values = ArrayAgg(field, order_by=("-at", "-pk"))
    return models.Func(values, template="(%(expressions)s)[1]", output_field=models.CharField())


class Feedback(models.Model):
    """An answer about one edition, which is stored by value: the answer stays about that text.

    Neither the sender nor the client address is stored.
    """

    key = models.UUIDField()
    slug = models.CharField("page", max_length=255)
    title = models.CharField("medicine", max_length=255)
    number = models.PositiveIntegerField("edition")
    sha256 = models.CharField("hash of the edition", max_length=64)
    answer = models.CharField(max_length=10, choices=Helpfulness)
    words = models.CharField("looking for", max_length=MAX_COMMENT_LENGTH, blank=True)
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

"""Who is asked to review a page when its review is due."""

from django.conf import settings
from django.db import models

from monographs.core.db_clock import database_now


class ReviewAssignment(models.Model):
    """``reviewer`` is asked for the review of the page ``key`` that is due on ``due_on``.

    It is in force as long as patients read an edition that is due then (``assignments.in_force``): the next
    full review ends it, and a correction does not.
    """

    key = models.UUIDField(unique=True)
    due_on = models.DateField()
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="review_assignments"
    )
    assigned_at = models.DateTimeField(default=database_now)

    def __str__(self) -> str:
        return f"{self.reviewer} is asked to review {self.key} by {self.due_on}"

"""Bundles: submissions that are reviewed on one screen and signed as one."""

import uuid

from django.conf import settings
from django.db import models

from monographs.editions.person import Person

#: Pages in one bundle: what one request signs and publishes within the limits of the servers before us.
MOST_PAGES = 100


class ReviewBundle(models.Model):
    """Submissions that change what patients read together, or not at all.

    A submission belongs to at most one, and keeps it when its review has ended (``Submission.bundle``).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=200, help_text="What changes on all of these pages.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="review_bundles"
    )
    creator = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.title

    @property
    def creator_person(self) -> Person:
        """Who put it together, by value at the time."""
        return Person(**self.creator)

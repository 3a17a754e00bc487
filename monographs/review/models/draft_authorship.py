"""Who wrote each word of a draft, as it was followed from revision to revision."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from monographs.core.db_clock import database_now
from monographs.editions.triggers import append_only


class DraftAuthorship(models.Model):
    """A stored content of a page with the authors of its passages.

    ``state`` lists its passages by name, each with the blocks around it; ``passages`` has those that no
    earlier row has, word by word. ``savers`` stored it, ``people`` are those it refers to. ``contributions``
    are the rows recorded with it: only these can be retracted. ``runs`` are hashes of runs of words that were
    new on the page, by which they are found when another page says them.
    """

    key = models.UUIDField()
    after_edition = models.PositiveIntegerField()
    savers = models.JSONField(default=list)
    people = models.JSONField(default=dict)
    state = models.JSONField()
    passages = models.JSONField()
    contributions = ArrayField(models.BigIntegerField(), default=list)
    runs = ArrayField(models.BigIntegerField(), default=list)
    at = models.DateTimeField(default=database_now)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["key"], name="draft_authorship_key"),
            GinIndex(fields=["runs"], name="draft_authorship_runs"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.key} after edition {self.after_edition}"

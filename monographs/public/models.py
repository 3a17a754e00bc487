"""Search index, cross-references of what is public now, and purges of caches. No reader sees these rows.

The index is rebuilt from the edition whenever its publication is set, in the same transaction
(``search.text_index_sync``), and can be rebuilt at any time. A manipulated row could hide a page from search
or add it to results; it could not change what a page says.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from monographs.editions.models import Edition


class Passage(models.Model):
    """The full-text search vector of one section of a current edition."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField(db_index=True)
    #: The section's anchor; empty for the top of the page.
    section = models.CharField(max_length=40, blank=True)
    words = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["words"], name="passage_words")]

    def __str__(self) -> str:
        return f"{self.key}#{self.section}"


class UsedWith(models.Model):
    """A link from a current edition to a page it names as commonly used with its medicine."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField(db_index=True)
    companion = models.UUIDField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "companion"], name="used_with_once")]

    def __str__(self) -> str:
        return f"{self.key} with {self.companion}"


class CachePurge(models.Model):
    """A request to one cache node to drop what a publication changed; stored in its transaction.

    It waits until the node has accepted it, or until everything that the node may hold has expired.
    """

    node = models.CharField(max_length=200)
    keys = ArrayField(models.CharField(max_length=40))
    #: Whether a page was withdrawn: sent before everything that waits.
    is_withdrawal = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    #: When the node accepted it, and again, for answers that were on their way to it the first time.
    sent_at = models.DateTimeField(null=True)
    repeated_at = models.DateTimeField(null=True)
    #: When it was no longer needed: what it was to remove had expired.
    expired_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["-is_withdrawal", "id"],
                condition=models.Q(repeated_at=None, expired_at=None),
                name="cache_purge_waiting",
            ),
            models.Index(fields=["created_at"], name="cache_purge_created"),
        ]

    def __str__(self) -> str:
        return f"{self.node}: {' '.join(self.keys)}"

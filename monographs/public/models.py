"""Search index and cross-references of what is public now. Nothing in these rows is shown to readers.

The rows are rebuilt from the edition whenever its publication is set, in the same transaction
(``search.text_index_sync``), and can be rebuilt at any time. A manipulated row could hide a page from search
or add it to results; it could not change what a page says.
"""

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

"""Where words and companions are, of what is public now. Rows only point; nothing in them is shown.

They are made anew from an edition whenever a publication is flipped, in its transaction
(``finding.indexing``), and can be made anew at any time. Whoever changed a row could make a page be
found, or not be found; they could not change a word of what is read.
"""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from monographs.editions.models import Edition


class Passage(models.Model):
    """The words of one section of a current edition, as PostgreSQL searches them."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField(db_index=True)
    #: The section's anchor; empty for the page's beginning.
    section = models.CharField(max_length=40, blank=True)
    words = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["words"], name="passage_words")]

    def __str__(self) -> str:
        return f"{self.key}#{self.section}"


class UsedWith(models.Model):
    """A current edition names another page as commonly used with its medicine."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField(db_index=True)
    companion = models.UUIDField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "companion"], name="used_with_once")]

    def __str__(self) -> str:
        return f"{self.key} with {self.companion}"

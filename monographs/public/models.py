"""Search index, lists and cross-references of what is public now, and purges of caches. No reader sees them.

The rows but the purges are rebuilt from the edition whenever its publication is set, in the same transaction
(``search.text_index_sync``, ``listed_pages``), and can be rebuilt at any time. A manipulated row could hide a
page from search and lists or add it to them; it could not change what a page says.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from monographs.editions.models import Edition


class Passage(models.Model):
    """The full-text search vector of one section of a current edition."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField(db_index=True)
    #: The section's anchor; empty for the top of the page.
    section = models.CharField(max_length=40, blank=True)
    words = SearchVectorField()

    class Meta:
        # Readers do not scan a list of entries that the index has yet to take in: a search took eight times
        # the CPU while it held 10,000 publications. A publication takes a little longer.
        indexes = [GinIndex(fields=["words"], name="passage_words", fastupdate=False)]

    def __str__(self) -> str:
        return f"{self.key}#{self.section}"


class UsedWith(models.Model):
    """A link from a current edition to a page it names as commonly used with its medicine."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField(db_index=True)
    companion = models.UUIDField()
    #: Of the current edition, in lower case: the first few of thousands of links are read in this order.
    title = models.TextField(db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "companion"], name="used_with_once")]
        indexes = [models.Index(fields=["companion", "title", "key"], name="used_with_by_title")]

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


class ListedPage(models.Model):
    """The columns by which a page that is public, or withdrawn, is found, filtered and sorted in lists.

    They repeat the edition's, and two facts that only its text has, in a table without texts: a list at
    50,000 medicines reads these small rows and no superseded edition.
    """

    key = models.UUIDField(primary_key=True)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    path = models.CharField(max_length=300)
    title = models.CharField(max_length=255)
    brand_names = ArrayField(models.CharField(max_length=200))
    class_key = models.UUIDField(null=True)
    condition_keys = ArrayField(models.UUIDField())
    identifiers = models.JSONField()
    #: In lower case, as PostgreSQL's ``lower`` writes them.
    routes = ArrayField(models.TextField())
    changed = models.DateTimeField(db_index=True)
    next_due = models.DateField(db_index=True)
    withdrawn = models.BooleanField()

    class Meta:
        indexes = [
            models.Index(
                fields=["path"],
                include=["edition", "changed"],
                condition=Q(withdrawn=False),
                name="listed_path",
            ),
            models.Index(fields=["kind", "path"], condition=Q(withdrawn=False), name="listed_kind"),
            models.Index(fields=["class_key", "path"], condition=Q(withdrawn=False), name="listed_class"),
            GinIndex(fields=["condition_keys"], name="listed_conditions", fastupdate=False),
            GinIndex(fields=["routes"], name="listed_routes", fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.path

"""Citations of labels, and rows of what editions rest on and cite, derived from these."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from monographs.editions.cited_statements import StatementCitation
from monographs.editions.models import Edition
from monographs.label_watch.coverage_sql import SET_ID_PATTERN
from monographs.label_watch.models.label_version import SET_ID_LENGTH, LabelVersion
from monographs.label_watch.task_labels import product_name


class Citation(StatementCitation):
    """That a statement of a page cites a passage of a version of a label.

    The passage is known by ``LabelPassage.key`` and the hash of its words; the words themselves are in the
    label only.
    """

    label = models.ForeignKey(LabelVersion, on_delete=models.PROTECT, related_name="citations")
    code = models.CharField("section code of the label", max_length=20, blank=True)
    passage = models.CharField("passage's key", max_length=64)
    sha256 = models.CharField("hash of the passage's words", max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "statement", "label", "passage"],
                condition=Q(removed_at=None),
                name="cited_once_by_a_statement",
            )
        ]
        indexes = [models.Index(fields=["key"], name="citation_page")]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.words[:60]} ({self.section}) rests on {self.label}"

    @property
    def cited_work(self) -> str:
        return self.label.set_id

    @property
    def cited(self) -> tuple[str, str]:
        return self.label.set_id, self.passage

    @property
    def cited_words(self) -> str:
        return f"{product_name(self.label.names, self.label.title)}, label version {self.label.version}"

    def as_record(self) -> dict[str, Any]:
        """What the ledger says of a submitted text's citation: by hashes, without words of the label."""
        return {
            "statement": self.statement,
            "section": self.section,
            "set_id": self.label.set_id,
            "version": self.label.version,
            "label_sha256": self.label.sha256,
            "code": self.code,
            "passage": self.passage,
            "sha256": self.sha256,
        }


class WatchedEdition(models.Model):
    """What the edition that patients read of a medicine rests on, in a row without its text.

    Derived from the edition and the citations (``watched_editions``). ``set_id`` and ``version`` are those
    that the edition names, "" and None where that is no set id and no number.
    """

    key = models.UUIDField("page", primary_key=True)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+", db_index=False)
    set_id = models.CharField("set id", max_length=SET_ID_LENGTH, blank=True)
    version = models.PositiveIntegerField(null=True)
    #: ``Statement.key`` of each statement, by which its citations are found.
    statement_keys = ArrayField(models.CharField(max_length=64))
    statements = models.PositiveIntegerField()
    #: How many of them cite a label, and by set id how many cite that label, and each version of it:
    #: ``{set id: {"statements": 3, "versions": {"25": 2, "28": 2}}}``.
    citing = models.PositiveIntegerField(default=0)
    cited = models.JSONField(default=dict)

    class Meta:
        indexes = [
            # Figures of all pages are summed up without their keys of statements
            models.Index(fields=["edition"], include=["statements", "citing"], name="watched_figures"),
            models.Index(
                fields=["edition"],
                include=["key"],
                condition=~Q(set_id__regex=SET_ID_PATTERN),
                name="watched_naming_none",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.statements} statements"


class RestedVersion(models.Model):
    """A version of a label that the edition which patients read of a page rests on, or its statements cite.

    Derived from ``WatchedEdition`` and ``FollowedLabel`` (``rested_versions``). Without ``version`` the page
    follows the label and names no version of it; without ``rests`` only its statements cite the version.
    """

    key = models.UUIDField("page")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+", db_index=False)
    #: A set id is a UUID; as one it is sorted as its text is, whatever the language of the database.
    set_id = models.UUIDField("set id")
    version = models.PositiveIntegerField(null=True)
    rests = models.BooleanField()
    #: How many statements cite the version.
    statements = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            # Not by ``nulls_distinct``, which Django's checks ask the database about: a process that starts
            # while that is away would end
            models.UniqueConstraint("key", "set_id", Coalesce("version", -1), name="rested_once_by_a_page")
        ]
        indexes = [models.Index("set_id", F("version").desc(nulls_last=True), name="rested_version_newest")]

    def __str__(self) -> str:
        return f"{self.key}: label {self.set_id} version {self.version}"

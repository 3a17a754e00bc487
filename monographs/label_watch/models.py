"""Stored versions of labels, the labels that monographs follow, and what is known about each."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from monographs.core.db_clock import database_today
from monographs.editions.cited_statements import StatementCitation
from monographs.editions.functions import BytesSha256, TextSha256
from monographs.editions.models import Edition, iso
from monographs.editions.models.returned_fields import ReturnedDateTimeField
from monographs.editions.triggers import append_only
from monographs.label_watch.coverage_sql import SET_ID_PATTERN
from monographs.label_watch.label_triggers import ANSWER_SIGNED, ANSWER_TIME, STORED_TIME
from monographs.label_watch.task_labels import (
    LabelledTask,
    LabelTaskManager,
    LabelTaskOutcome,
    product_name,
)
from monographs.labels import ChangeClass, SourceFormat

#: Characters of a set id, which is a UUID.
SET_ID_LENGTH = 36
_CLASSES = [(each.value, each.value.capitalize()) for each in ChangeClass]


class LabelVersion(models.Model):
    """One version of a label as its source gave it, immutable; stored once by the hash of its bytes.

    ``data`` is read with ``monographs.labels.read_label``; the other columns repeat it for look-ups. Two
    sources, or two crawls, may give other bytes for one version: then it has two rows.
    """

    set_id = models.CharField("set id", max_length=SET_ID_LENGTH)
    version = models.PositiveIntegerField()
    sha256 = models.CharField("hash", max_length=64, unique=True)
    data = models.BinaryField()
    source_format = models.CharField(
        max_length=10, choices=[(each.value, each.value) for each in SourceFormat]
    )
    effective = models.DateField(null=True)
    title = models.TextField(blank=True)
    maker = models.TextField(blank=True)
    names = ArrayField(models.TextField(), default=list)
    application_numbers = ArrayField(models.CharField(max_length=40), default=list)
    #: The address or the file that the bytes came from.
    origin = models.TextField()
    stored_at = ReturnedDateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256=BytesSha256(F("data"))), name="label_hash_is_of_its_bytes"
            )
        ]
        indexes = [models.Index(fields=["set_id", "-version", "id"], name="label_version_newest")]
        ordering = ["set_id", "-version", "id"]
        triggers = [*append_only(), STORED_TIME]

    def __str__(self) -> str:
        return f"{self.set_id} version {self.version}"


class LabelStep(models.Model):
    """What changed from one stored version of a label to the next newer one, as it was found when that came.

    ``change_class`` is the gravest class in sections that a monograph rests on, "" if nothing changed there.
    ``sections`` are the names of a monograph's sections that rest on text which changed in substance or
    wording; ``reasons`` are lists of section, class, reason and the label's words, the gravest first.
    """

    older = models.ForeignKey(LabelVersion, on_delete=models.PROTECT, related_name="steps_to_newer")
    newer = models.ForeignKey(LabelVersion, on_delete=models.PROTECT, related_name="steps_from_older")
    change_class = models.CharField(max_length=10, choices=_CLASSES, blank=True)
    sections = ArrayField(models.CharField(max_length=40), default=list)
    reasons = models.JSONField(default=list)
    notes = ArrayField(models.TextField(), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["older", "newer"], name="one_step_between_versions")]

    def __str__(self) -> str:
        return f"{self.older} → {self.newer.version}: {self.change_class or 'no change'}"


class FollowedLabel(models.Model):
    """A label that a page follows besides the one that its current edition names."""

    key = models.UUIDField("page")
    set_id = models.CharField("set id", max_length=SET_ID_LENGTH)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "set_id"], name="followed_once_by_a_page")]

    def __str__(self) -> str:
        return f"{self.key} follows {self.set_id}"


class LabelCheck(models.Model):
    """What the service last said about one followed label, or files did.

    ``checked_at`` is when it last gave a complete answer; a failure leaves it as it is. ``newest_version`` is
    the highest version that it has named, stored here or not.
    """

    set_id = models.CharField("set id", max_length=SET_ID_LENGTH, unique=True)
    newest_version = models.PositiveIntegerField(null=True)
    checked_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    failing_since = models.DateTimeField(null=True)
    #: Since when the service has not known the label any more.
    gone_since = models.DateTimeField(null=True)
    #: Since when the service says so, with so many others that it is unconfirmed (``mass_absence``).
    doubted_since = models.DateTimeField(null=True)
    #: Versions that pages name and that the service does not have any more: they are asked for once.
    absent_versions = ArrayField(models.PositiveIntegerField(), null=True)
    #: Of the list of versions, for a conditional request.
    etag = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.set_id}: {self.error or 'checked'}"


class LabelNoticeKind(models.TextChoices):
    """What was noticed about a label besides a new version of its text."""

    GONE = "gone", "No longer published"
    BACK = "back", "Published again"
    BACKWARDS = "backwards", "The service names older versions only"
    MAKER = "maker", "Another maker"
    SAME_PRODUCT = "same_product", "Another label of the same product"


class LabelNotice(models.Model):
    """Something that was noticed about a followed label, once."""

    set_id = models.CharField("set id", max_length=SET_ID_LENGTH, db_index=True)
    kind = models.CharField(max_length=20, choices=LabelNoticeKind)
    detail = models.TextField(blank=True)
    noticed_at = models.DateTimeField()

    class Meta:
        ordering = ["-noticed_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.set_id}: {self.get_kind_display()}"


class ProductLabel(models.Model):
    """A label of a product, as the service lists them by application number.

    The first list of a product is its starting point; a set id that appears later is noticed.
    """

    application_number = models.CharField(max_length=40)
    set_id = models.CharField("set id", max_length=SET_ID_LENGTH)
    title = models.TextField(blank=True)
    first_seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application_number", "set_id"], name="label_of_product_once")
        ]

    def __str__(self) -> str:
        return f"{self.application_number}: {self.set_id}"


class UpdateTask(LabelledTask):
    """A task for a page whose label differs from the version that the page rests on.

    There is one open task per page and label. Newer versions fold into it: it always shows the sum from
    ``from_version`` to ``to_version``. ``reasons`` and ``sections`` are as in ``LabelStep``. A step that
    changed nothing a page rests on is stored as a closed task, so that it is seen to have been looked at.
    """

    key = models.UUIDField("page")
    title = models.CharField("medicine", max_length=255)
    set_id = models.CharField("set id", max_length=SET_ID_LENGTH)
    #: The edition that rests on ``from_version``.
    edition = models.PositiveIntegerField()
    from_version = models.PositiveIntegerField("rests on version")
    to_version = models.PositiveIntegerField("newest version")
    change_class = models.CharField("how grave", max_length=10, choices=_CLASSES, blank=True)
    sections = ArrayField(models.CharField(max_length=40), default=list)
    reasons = models.JSONField(default=list)
    #: The page's statements that rest on changed sentences: section, words, class and what changed.
    statements = models.JSONField(default=list)
    opened_at = models.DateTimeField("open since")
    due_on = models.DateField("due", null=True)
    closed_at = models.DateTimeField("closed", null=True)
    outcome = models.CharField(max_length=20, choices=LabelTaskOutcome, blank=True)

    objects = LabelTaskManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "set_id"], condition=Q(closed_at=None), name="one_open_task_per_page_and_label"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="a_closed_task_has_an_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["key", "set_id", "-id"], name="update_task_newest"),
            # How long signed answers took is read without what changed
            models.Index(
                fields=["change_class"],
                include=["set_id", "to_version", "opened_at", "closed_at"],
                condition=Q(outcome__in=["edition", "answered"]),
                name="update_task_signed",
            ),
        ]
        ordering = ["due_on", "title", "pk"]

    def __str__(self) -> str:
        return f"{self.title}: label version {self.from_version} → {self.to_version}"

    @property
    def is_overdue(self) -> bool:
        """Whether it is open and its due date has passed."""
        return self.closed_at is None and self.due_on is not None and self.due_on < database_today()

    @property
    def is_compared(self) -> bool:
        """Whether what changed is known: a version that is not stored gives a reason without a code."""
        return all(reason["code"] for reason in self.reasons)

    @property
    def main_reason(self) -> str:
        """The gravest reason in a line: part of the label, what happened to it, the words; may be empty."""
        if not self.reasons:
            return ""
        first = self.reasons[0]
        words = ", ".join(first["words"])
        parts = [first["heading"], first["why"], f"“{words}”" if words else ""]
        return ": ".join(part for part in parts if part)


class Citation(StatementCitation):
    """That a statement of a page rests on a passage of a version of a label.

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
    def rests_on(self) -> str:
        return self.label.set_id

    @property
    def cited(self) -> tuple[str, str]:
        return self.label.set_id, self.passage

    @property
    def rests_on_words(self) -> str:
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


class LabelAnswer(models.Model):
    """A reviewer's signed answer that a page needs no change for a version of its label, immutable.

    ``canonical`` is the text that was signed: the edition as patients read it, the version of the label by
    its hash, and the ``reason``.
    """

    uuid = models.UUIDField(unique=True)
    key = models.UUIDField("page")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="label_answers")
    label = models.ForeignKey(LabelVersion, on_delete=models.PROTECT, related_name="answers")
    from_version = models.PositiveIntegerField("rested on version")
    reason = models.TextField()
    canonical = models.TextField()
    sha256 = models.CharField("hash", max_length=64)
    at = ReturnedDateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256=TextSha256(F("canonical"))), name="label_answer_hash_is_of_its_text"
            )
        ]
        indexes = [models.Index(fields=["key", "label"], name="label_answer_page")]
        triggers = [*append_only(), ANSWER_TIME, ANSWER_SIGNED]

    def __str__(self) -> str:
        return f"no change needed in {self.edition} for {self.label}"

    def as_record(self) -> dict[str, Any]:
        """The data of this row's ledger entry: every column but ``canonical``, which its hash stands for."""
        return {
            "label_answer": self.pk,
            "uuid": str(self.uuid),
            "key": str(self.key),
            "edition": self.edition_id,
            "label": self.label_id,
            "from_version": self.from_version,
            "reason": self.reason,
            "sha256": self.sha256,
            "at": iso(self.at),
        }

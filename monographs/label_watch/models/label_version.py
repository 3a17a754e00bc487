"""Labels that monographs follow: their versions as stored, and what the service last said about each."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from monographs.editions.functions import BytesSha256
from monographs.editions.models.returned_fields import ReturnedDateTimeField
from monographs.editions.triggers import append_only
from monographs.label_watch.label_triggers import STORED_TIME
from monographs.labels import ChangeClass, SourceFormat

#: Characters of a set id, which is a UUID.
SET_ID_LENGTH = 36
#: The choices of a column with a ``ChangeClass``.
CLASSES = [(each.value, each.value.capitalize()) for each in ChangeClass]


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
    change_class = models.CharField(max_length=10, choices=CLASSES, blank=True)
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

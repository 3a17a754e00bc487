"""Editions: what was signed, for good."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from monographs.document import CanonicalText
from monographs.editions.conflict_triggers import EDITION_WITHOUT_CONFLICT
from monographs.editions.edition_triggers import (
    EDITION_AFTER_WITHDRAWAL,
    EDITION_REVIEWERS,
    EDITION_SIGNED,
    EDITION_WITHOUT_HOLD,
)
from monographs.editions.expert_triggers import (
    EDITION_BY_NAMED_WRITERS,
    EDITION_BY_NO_VOUCHER,
    EDITION_VOUCHED,
)
from monographs.editions.functions import TextSha256
from monographs.editions.models.returned_fields import ReturnedDateTimeField
from monographs.editions.models.values import PageKey, iso
from monographs.editions.standard_text_triggers import EDITION_TEXTS_IN_USE
from monographs.editions.transition_triggers import (
    EDITION_DATES,
    EDITION_TIME,
)
from monographs.editions.triggers import append_only


class ReviewKind(models.TextChoices):
    """The scope of a review. Only a full review changes *last reviewed*."""

    FULL_REVIEW = "full_review", "Full review"
    CORRECTION = "correction", "Correction"


class EditionQuerySet(models.QuerySet["Edition"]):
    """Queries of editions."""

    def of(self, key: PageKey | Any) -> "EditionQuerySet":
        """Every edition of one page, newest first."""
        return self.filter(key=key).order_by("-number")


class Edition(models.Model):
    """A signed text, immutable. Columns that repeat ``canonical`` for look-ups are checked against it."""

    key = models.UUIDField()
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    path = models.CharField(max_length=300)
    slug = models.CharField(max_length=255)
    title = models.CharField(max_length=255)
    brand_names = ArrayField(models.CharField(max_length=200), default=list)
    summary = models.TextField(blank=True)
    class_key = models.UUIDField(null=True)
    condition_keys = ArrayField(models.UUIDField(), default=list)
    linked_keys = ArrayField(models.UUIDField(), default=list)
    canonical = models.TextField()
    sha256 = models.CharField(max_length=64)
    submission = models.UUIDField()
    steps = models.JSONField()
    review_kind = models.CharField(max_length=20, choices=ReviewKind)
    reason = models.TextField()
    change_note = models.TextField(blank=True)
    restores = models.PositiveIntegerField(
        null=True, help_text="Number of the earlier edition whose text this one brings back."
    )
    contributors = models.JSONField(default=list)
    reviewers = models.JSONField(default=list)
    last_reviewed = models.DateField()
    next_due = models.DateField()
    effective_at = ReturnedDateTimeField()
    created_at = ReturnedDateTimeField()

    objects = EditionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "number"], name="edition_number"),
            models.UniqueConstraint(fields=["submission"], name="one_edition_per_submission"),
            models.CheckConstraint(condition=Q(number__gte=1), name="edition_from_1"),
            models.CheckConstraint(
                condition=Q(sha256=TextSha256(F("canonical"))), name="edition_hash_is_of_its_text"
            ),
        ]
        indexes = [
            # The newest changes are listed without reading the others
            models.Index(fields=["-effective_at", "key", "-number"], name="edition_newest"),
            # Every page links to the few pages about the service
            models.Index(fields=["id"], condition=Q(kind="information"), name="edition_information"),
        ]
        triggers = [
            *append_only(),
            EDITION_SIGNED,
            EDITION_REVIEWERS,
            EDITION_WITHOUT_HOLD,
            EDITION_WITHOUT_CONFLICT,
            EDITION_VOUCHED,
            EDITION_BY_NO_VOUCHER,
            EDITION_BY_NAMED_WRITERS,
            EDITION_TEXTS_IN_USE,
            EDITION_AFTER_WITHDRAWAL,
            EDITION_TIME,
            EDITION_DATES,
        ]

    def __str__(self) -> str:
        return f"{self.slug}/{self.number}"

    @property
    def text(self) -> CanonicalText:
        """The signed text, of whatever version it was signed in."""
        return CanonicalText(self.canonical)

    @property
    def document(self) -> Any:  # one of several pydantic models, by ``kind``
        """The signed document."""
        return self.text.document

    def as_record(self) -> dict[str, Any]:
        """The data of this row's ledger entry: every column but ``canonical``, which its hash stands for."""
        return {
            "edition": self.pk,
            "key": str(self.key),
            "number": self.number,
            "kind": self.kind,
            "path": self.path,
            "slug": self.slug,
            "title": self.title,
            "brand_names": list(self.brand_names),
            "summary": self.summary,
            "class_key": str(self.class_key) if self.class_key else None,
            "condition_keys": [str(k) for k in self.condition_keys],
            "linked_keys": [str(k) for k in self.linked_keys],
            "sha256": self.sha256,
            "submission": str(self.submission),
            "steps": self.steps,
            "review_kind": self.review_kind,
            "reason": self.reason,
            "change_note": self.change_note,
            "restores": self.restores,
            "contributors": self.contributors,
            "reviewers": self.reviewers,
            "last_reviewed": self.last_reviewed.isoformat(),
            "next_due": self.next_due.isoformat(),
            "effective_at": iso(self.effective_at),
            "created_at": iso(self.created_at),
        }


class IncludedText(models.Model):
    """A version of a standard text whose words an edition has. It repeats the edition's text for look-ups."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="included_texts")
    key = models.UUIDField(db_index=True, help_text="Of the standard text.")
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"version {self.number} of {self.key} in {self.edition}"


class EditionFigure(models.Model):
    """A figure file of an edition; only such files are served to the public."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="figures")
    sha256 = models.CharField(max_length=64, db_index=True)
    file_name = models.CharField(max_length=80, db_index=True)

    class Meta:
        triggers = append_only()

    def __str__(self) -> str:
        return self.file_name

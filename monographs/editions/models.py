"""The append-only tables, and the one mutable table, ``Publication``, that holds what is public now."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from monographs.core.sign_in_names import sign_in_keys
from monographs.document import CanonicalText
from monographs.editions.functions import TextSha256
from monographs.editions.person import Person
from monographs.editions.statements import signing_statement, statement_hash
from monographs.editions.transition_triggers import (
    EDITION_DATES,
    EDITION_TIME,
    LEDGER_BODY,
    LEDGER_PUBLICATION,
    PUBLICATION_TIME,
    PUBLICATION_TRANSITION,
    WITHDRAWAL_EFFECT,
    WITHDRAWAL_TIME,
)
from monographs.editions.triggers import (
    CONTRIBUTION_PLACE,
    EDITION_AFTER_WITHDRAWAL,
    EDITION_SIGNED,
    LEDGER_CHAIN,
    PUBLICATION_OWN_EDITION,
    RETRACTION_PLACE,
    SIGNATURE_TIME,
    WITHDRAWAL_SIGNED,
    append_only,
    refuse,
)

#: The key of a page; documents hold it as text.
PageKey = uuid.UUID | str


class ReviewKind(models.TextChoices):
    """The scope of a review. Only a full review changes *last reviewed*."""

    FULL_REVIEW = "full_review", "Full review"
    CORRECTION = "correction", "Correction"


def iso(moment: datetime) -> str:
    """ISO 8601 text of a UTC time with microseconds, as stored in the ledger.

    Raises ``ValueError`` for a naive time and for one in another zone: their text would name another moment.
    """
    if moment.utcoffset() != timedelta(0):
        raise ValueError(f"{moment!r} is not in UTC; convert it with astimezone(UTC)")
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class KeyedByPerson(models.Model):
    """A row that names a person by value. ``sign_in_keys`` tell whether two sign-in names are one person's.

    They are set when the row is stored; null in rows that are older than this rule.
    """

    username = models.CharField(max_length=254, blank=True)
    sign_in_keys = ArrayField(models.TextField(), null=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row with the keys of its sign-in name."""
        if self._state.adding:
            self.sign_in_keys = sorted(sign_in_keys(self.username))
        super().save(*args, **kwargs)


class ContributionQuerySet(models.QuerySet["Contribution"]):
    """Queries of contributions."""

    def standing(self) -> "ContributionQuerySet":
        """Those that were not retracted, whose people may not sign."""
        return self.filter(retraction=None)


class Contribution(KeyedByPerson):
    """A change of a page's text by one person, who may not sign it, unless it has a ``Retraction``.

    ``after_edition`` and ``at`` are set by the database.
    """

    key = models.UUIDField()
    after_edition = models.PositiveIntegerField(default=0)
    user_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=300, blank=True)
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["key", "after_edition"], name="contribution_key")]
        triggers = [*append_only(), CONTRIBUTION_PLACE]

    def __str__(self) -> str:
        return f"{self.username or 'unknown'} → {self.sha256[:8]}"

    @property
    def person(self) -> Person:
        """The contributor, without credentials, which only signatures hold."""
        return Person(id=self.user_id, username=self.username, name=self.name)

    def as_record(self) -> dict[str, Any]:
        """The data of this row's ledger entry: every column."""
        return {
            "contribution": self.pk,
            "key": str(self.key),
            "after_edition": self.after_edition,
            "user_id": self.user_id,
            "username": self.username,
            "name": self.name,
            "sha256": self.sha256,
            "at": iso(self.at),
            "sign_in_keys": self.sign_in_keys,
        }


class Retraction(models.Model):
    """States that nothing of a contribution is left in the text that is submitted, so that it bars nobody.

    The database sets all columns from the contribution, and refuses a contribution to an earlier edition.
    """

    contribution = models.OneToOneField(Contribution, on_delete=models.PROTECT, related_name="retraction")
    key = models.UUIDField()
    after_edition = models.PositiveIntegerField(default=0)
    user_id = models.BigIntegerField(null=True)
    username = models.CharField(max_length=254, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        triggers = [*append_only(), RETRACTION_PLACE]

    def __str__(self) -> str:
        return f"{self.username or 'unknown'}: nothing left"

    def as_record(self) -> dict[str, Any]:
        """The data of this row's ledger entry: every column."""
        return {
            "retraction": self.pk,
            "contribution": self.contribution_id,
            "key": str(self.key),
            "after_edition": self.after_edition,
            "user_id": self.user_id,
            "username": self.username,
            "at": iso(self.at),
        }


class Signature(KeyedByPerson):
    """One person's approval of one document, bound to its hash; the person's identity is stored by value.

    ``submission`` is the UUID of what was signed: a submission or a withdrawal. ``statement`` is what the
    signer saw and signed (see ``statements``), name and credentials included; empty in signatures that are
    older than this rule.
    """

    submission = models.UUIDField()
    key = models.UUIDField()
    sha256 = models.CharField(max_length=64)
    step = models.CharField(max_length=255)
    meaning = models.TextField()
    user_id = models.BigIntegerField()
    name = models.CharField(max_length=300)
    credentials = models.CharField(max_length=200, blank=True)
    field = models.CharField(max_length=200, blank=True)
    method = models.CharField(max_length=40, default="password")
    signed_at = models.DateTimeField(auto_now_add=True)
    statement = models.TextField(blank=True, default="", db_default="", editable=False)
    statement_sha256 = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)

    class Meta:
        indexes = [models.Index(fields=["submission", "sha256"], name="signature_submission")]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "sha256", "user_id"], name="one_signature_per_person"
            ),
            models.CheckConstraint(
                condition=Q(statement="", statement_sha256="")
                | Q(statement_sha256=TextSha256(F("statement"))),
                name="statement_hash_is_of_its_text",
            ),
        ]
        triggers = [*append_only(), SIGNATURE_TIME]

    def __str__(self) -> str:
        return f"{self.name} signed {self.sha256[:8]}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the signature with its statement."""
        if self._state.adding:
            self.statement = self.stated()
            self.statement_sha256 = statement_hash(self.statement)
        super().save(*args, **kwargs)

    @property
    def person(self) -> Person:
        """The signer by value."""
        return Person(self.user_id, self.username, self.name, self.credentials, self.field)

    def stated(self) -> str:
        """The statement that follows from the other columns."""
        return signing_statement(
            self.person,
            sha256=self.sha256,
            submission=self.submission,
            step=self.step,
            meaning=self.meaning,
        )

    def as_record(self) -> dict[str, Any]:
        """The data of this row's ledger entry: every column but ``statement``, which its hash stands for."""
        return {
            "signature": self.pk,
            "submission": str(self.submission),
            "key": str(self.key),
            "sha256": self.sha256,
            "step": self.step,
            "meaning": self.meaning,
            "user_id": self.user_id,
            "username": self.username,
            "name": self.name,
            "credentials": self.credentials,
            "field": self.field,
            "method": self.method,
            "signed_at": iso(self.signed_at),
            "sign_in_keys": self.sign_in_keys,
            "statement_sha256": self.statement_sha256,
        }


class EditionQuerySet(models.QuerySet["Edition"]):
    """Queries of editions."""

    def of(self, key: PageKey) -> "EditionQuerySet":
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
    effective_at = models.DateTimeField()
    created_at = models.DateTimeField()

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
        triggers = [
            *append_only(),
            EDITION_SIGNED,
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


class EditionFigure(models.Model):
    """A figure file of an edition; only such files are served to the public."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="figures")
    sha256 = models.CharField(max_length=64, db_index=True)
    file_name = models.CharField(max_length=80, db_index=True)

    class Meta:
        triggers = append_only()

    def __str__(self) -> str:
        return self.file_name


class Withdrawal(models.Model):
    """The signed withdrawal of a published page, immutable.

    ``canonical`` is the text that was signed: which edition, the prepared ``reason`` that patients read
    (see ``withdrawal_reasons``), and the reviewer's own ``note``, which only the admin shows.
    """

    uuid = models.UUIDField(unique=True)
    key = models.UUIDField(db_index=True)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="withdrawals")
    cause = models.CharField(max_length=40)
    reason = models.TextField()
    advice = models.TextField(blank=True)
    note = models.TextField()
    canonical = models.TextField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256=TextSha256(F("canonical"))), name="withdrawal_hash_is_of_its_text"
            )
        ]
        triggers = [*append_only(), WITHDRAWAL_SIGNED, WITHDRAWAL_TIME, WITHDRAWAL_EFFECT]

    def __str__(self) -> str:
        return f"withdrawal of {self.edition}"

    def as_record(self) -> dict[str, Any]:
        """The data of this row's ledger entry: every column but ``canonical``, which its hash stands for."""
        return {
            "withdrawal": self.pk,
            "uuid": str(self.uuid),
            "key": str(self.key),
            "edition": self.edition_id,
            "cause": self.cause,
            "reason": self.reason,
            "advice": self.advice,
            "note": self.note,
            "sha256": self.sha256,
            "at": iso(self.at),
        }


class PublicationState(models.TextChoices):
    """How a public path responds."""

    CURRENT = "current", "Current edition"
    MOVED = "moved", "Moved to another path"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Publication(models.Model):
    """What one public path shows now; can be rebuilt from the ledger."""

    path = models.CharField(max_length=300, primary_key=True)
    key = models.UUIDField()
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="publications")
    state = models.CharField(max_length=20, choices=PublicationState)
    reason = models.TextField(blank=True)
    withdrawal = models.ForeignKey(
        Withdrawal, null=True, on_delete=models.PROTECT, related_name="publications"
    )
    flipped_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(state="current"), name="one_current_path_per_page"
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawal__isnull=False)
                | (~Q(state="withdrawn") & Q(withdrawal__isnull=True)),
                name="withdrawn_by_a_withdrawal",
            ),
        ]
        indexes = [
            models.Index(fields=["key"], name="publication_key"),
            models.Index(fields=["state", "edition"], name="publication_state"),
        ]
        triggers = [
            refuse("no_delete", pgtrigger.Delete),
            refuse("no_truncate", pgtrigger.Truncate, statement=True),
            PUBLICATION_OWN_EDITION,
            PUBLICATION_TIME,
            PUBLICATION_TRANSITION,
        ]

    def __str__(self) -> str:
        return f"{self.path} {self.state}"


class LedgerEntry(models.Model):
    """One recorded event. Sequence, time and hashes are set by the database; values sent are overwritten."""

    seq = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(auto_now_add=True)
    event = models.CharField(max_length=40)
    subject = models.CharField(max_length=64, blank=True, db_index=True)
    body = models.TextField()
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        triggers = [*append_only(), LEDGER_CHAIN, LEDGER_BODY, LEDGER_PUBLICATION]
        verbose_name_plural = "ledger entries"

    def __str__(self) -> str:
        return f"{self.seq} {self.event}"


__all__ = [
    "Contribution",
    "Edition",
    "EditionFigure",
    "LedgerEntry",
    "Publication",
    "PublicationState",
    "Retraction",
    "ReviewKind",
    "Signature",
    "Withdrawal",
]

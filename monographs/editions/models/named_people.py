"""Rows that name a person by value: contributions, retractions and signatures."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from monographs.core.sign_in_names import sign_in_keys
from monographs.editions.conflict_triggers import SIGNATURE_WITHOUT_CONFLICT
from monographs.editions.expert_triggers import SIGNATURE_BY_NO_VOUCHER, SIGNATURE_INVITED
from monographs.editions.functions import TextSha256
from monographs.editions.models.returned_fields import (
    ReturnedBigIntegerField,
    ReturnedCharField,
    ReturnedDateTimeField,
    ReturnedPositiveIntegerField,
    ReturnedUUIDField,
)
from monographs.editions.models.values import iso
from monographs.editions.person import Person
from monographs.editions.signing_statement import signing_statement, statement_hash
from monographs.editions.triggers import (
    CONTRIBUTION_PLACE,
    RETRACTION_PLACE,
    SIGNATURE_TIME,
    append_only,
)


class KeyedByPerson(models.Model):
    """A row that names a person by value. ``sign_in_keys`` tell whether two sign-in names are one person's.

    They are set when the row is stored; null in rows that are older than this rule.
    """

    username = models.CharField(max_length=254, blank=True)
    sign_in_keys = ArrayField(models.TextField(), null=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row with what follows from its other columns."""
        if self._state.adding:
            self.complete()
        super().save(*args, **kwargs)

    def complete(self) -> None:
        """Set the keys of the sign-in name; for rows that are stored in bulk, which ``save`` does not see."""
        self.sign_in_keys = sorted(sign_in_keys(self.username))


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
    after_edition = ReturnedPositiveIntegerField(default=0)
    user_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=300, blank=True)
    sha256 = models.CharField(max_length=64)
    at = ReturnedDateTimeField(auto_now_add=True)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["key", "after_edition"], name="contribution_key"),
            models.Index(fields=["user_id", "key"], name="contribution_user"),
        ]
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
    key = ReturnedUUIDField()
    after_edition = ReturnedPositiveIntegerField(default=0)
    user_id = ReturnedBigIntegerField(null=True)
    username = ReturnedCharField(max_length=254, blank=True)
    at = ReturnedDateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["key"], name="retraction_key")]
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
    signed_at = ReturnedDateTimeField(auto_now_add=True)
    statement = models.TextField(blank=True, default="", db_default="", editable=False)
    statement_sha256 = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["submission", "sha256"], name="signature_submission"),
            models.Index(fields=["user_id", "key"], name="signature_user"),
            models.Index(fields=["key"], name="signature_key"),
        ]
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
        triggers = [
            *append_only(),
            SIGNATURE_TIME,
            SIGNATURE_WITHOUT_CONFLICT,
            SIGNATURE_INVITED,
            SIGNATURE_BY_NO_VOUCHER,
        ]

    def __str__(self) -> str:
        return f"{self.name} signed {self.sha256[:8]}"

    def complete(self) -> None:
        """Set the statement, too."""
        super().complete()
        self.statement = self.stated()
        self.statement_sha256 = statement_hash(self.statement)

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

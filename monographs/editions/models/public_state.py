"""What a public path shows: publications and withdrawals."""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import F, Q

from monographs.editions.functions import TextSha256
from monographs.editions.models.edition import Edition
from monographs.editions.models.returned_fields import ReturnedDateTimeField
from monographs.editions.models.values import iso
from monographs.editions.transition_triggers import (
    PUBLICATION_TIME,
    PUBLICATION_TRANSITION,
    WITHDRAWAL_EFFECT,
    WITHDRAWAL_TIME,
)
from monographs.editions.triggers import (
    PUBLICATION_OWN_EDITION,
    WITHDRAWAL_SIGNED,
    append_only,
    refuse,
)


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
    at = ReturnedDateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256=TextSha256(F("canonical"))), name="withdrawal_hash_is_of_its_text"
            )
        ]
        indexes = [models.Index(fields=["-at"], name="withdrawal_newest")]
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


class PublicName(models.Model):
    """A name under which patients know the medicine with ``key``, as names are compared (``name_key``).

    Written with the publication. It says which pages ``name_conflicts`` compares by their signed names.
    """

    key = models.UUIDField()
    name_key = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name_key", "key"], name="public_name_once"),
        ]
        indexes = [models.Index(fields=["key"], name="public_name_of")]

    def __str__(self) -> str:
        return self.name_key

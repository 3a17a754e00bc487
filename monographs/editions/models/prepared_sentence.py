"""Prepared sentences that a reviewer signed for patients."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from monographs.editions.functions import TextSha256
from monographs.editions.models.edition import Edition
from monographs.editions.models.returned_fields import ReturnedDateTimeField
from monographs.editions.models.values import iso
from monographs.editions.sentence_triggers import SENTENCE_SIGNED, SENTENCE_TIME
from monographs.editions.triggers import append_only


class PreparedSentence(models.Model):
    """A signed sentence that patients read until the change of a label is answered, immutable.

    ``canonical`` is the text that was signed: the edition as patients read it, the version of the label by
    its hash, and the prepared ``wording`` with what is filled in (``prepared_sentences``).
    """

    uuid = models.UUIDField(unique=True)
    key = models.UUIDField("page", db_index=True)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="prepared_sentences")
    set_id = models.CharField("set id", max_length=36)
    version = models.PositiveIntegerField("version of the label")
    label_sha256 = models.CharField("hash of the label", max_length=64)
    agency = models.CharField(max_length=20)
    effective = models.DateField("date of the label", null=True)
    wording = models.TextField()
    canonical = models.TextField()
    sha256 = models.CharField("hash", max_length=64)
    at = ReturnedDateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256=TextSha256(F("canonical"))), name="sentence_hash_is_of_its_text"
            )
        ]
        triggers = [*append_only(), SENTENCE_TIME, SENTENCE_SIGNED]

    def __str__(self) -> str:
        return f"prepared sentence beside {self.edition}"

    def as_record(self) -> dict[str, Any]:
        """The data of this row's ledger entry: every column but ``canonical``, which its hash stands for."""
        return {
            "sentence": self.pk,
            "uuid": str(self.uuid),
            "key": str(self.key),
            "edition": self.edition_id,
            "set_id": self.set_id,
            "version": self.version,
            "label_sha256": self.label_sha256,
            "agency": self.agency,
            "effective": self.effective.isoformat() if self.effective else None,
            "wording": self.wording,
            "sha256": self.sha256,
            "at": iso(self.at),
        }

"""Signed checkpoints of the ledger, and the tree over its entries."""

from django.db import models
from django.db.models.functions import Now

from monographs.editions.triggers import append_only


class LedgerBlock(models.Model):
    """The root of the tree over 256 entries of the ledger, block ``number`` of them from 0.

    It follows from the entries; stored so that a tree of any size is read from few rows.
    """

    number = models.BigIntegerField(primary_key=True)
    root = models.CharField(max_length=64)

    class Meta:
        triggers = append_only()

    def __str__(self) -> str:
        return f"block {self.number}"


class Checkpoint(models.Model):
    """A number of entries and the root of the tree over them, as signed: each extends the one before."""

    size = models.BigIntegerField(primary_key=True)
    root = models.CharField(max_length=64)
    note = models.TextField()
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        triggers = append_only()

    def __str__(self) -> str:
        return f"checkpoint of {self.size} entries"


class Cosignature(models.Model):
    """A witness's signature of a checkpoint: the line that its note has more."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="cosignatures")
    key = models.CharField(max_length=300, help_text="The witness's public key: name, id and key.")
    line = models.TextField()
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["checkpoint", "key"], name="one_cosignature_by_key")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.key.partition('+')[0]} of {self.checkpoint_id}"


class TimeStamp(models.Model):
    """An authority's answer (RFC 3161) about the file of a checkpoint, verified when it came."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="time_stamps")
    sha256 = models.CharField(max_length=64, unique=True, help_text="Of the file, with all its signatures.")
    answer = models.BinaryField()
    stamped_at = models.DateTimeField(help_text="As the authority says.")
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        triggers = append_only()

    def __str__(self) -> str:
        return f"time stamp of {self.checkpoint_id} entries"

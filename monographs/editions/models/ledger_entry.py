"""Entries of the ledger."""

from django.db import models

from monographs.editions.models.returned_fields import ReturnedCharField, ReturnedDateTimeField
from monographs.editions.transition_triggers import (
    LEDGER_BODY,
    LEDGER_PUBLICATION,
)
from monographs.editions.triggers import (
    LEDGER_CHAIN,
    append_only,
)


class LedgerEntry(models.Model):
    """One recorded event. Sequence, time and hashes are set by the database; values sent are overwritten."""

    seq = models.BigAutoField(primary_key=True)
    at = ReturnedDateTimeField(auto_now_add=True)
    event = models.CharField(max_length=40)
    subject = models.CharField(max_length=64, blank=True, db_index=True)
    body = models.TextField()
    prev_hash = ReturnedCharField(max_length=64)
    hash = ReturnedCharField(max_length=64, unique=True)

    class Meta:
        triggers = [*append_only(), LEDGER_CHAIN, LEDGER_BODY, LEDGER_PUBLICATION]
        verbose_name_plural = "ledger entries"

    def __str__(self) -> str:
        return f"{self.seq} {self.event}"

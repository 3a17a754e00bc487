"""Declared conflicts of interest, by which a person may not sign a page, and their ends."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from monographs.editions.conflict_triggers import CONFLICT_END_PLACE, CONFLICT_TIME, recorded
from monographs.editions.models.named_people import KeyedByPerson
from monographs.editions.models.returned_fields import ReturnedDateTimeField, ReturnedUUIDField
from monographs.editions.models.values import iso
from monographs.editions.person import Person
from monographs.editions.triggers import append_only


class ConflictOfInterest(KeyedByPerson):
    """States that a person has an interest in the subject of a page, and so signs nothing of it, immutable.

    It counts from ``starts_on`` to ``ends_on``, both included (UTC); without ``ends_on`` until it has a
    ``ConflictEnd``. ``by`` declared it: the person, or somebody else.
    """

    key = models.UUIDField("page")
    user_id = models.BigIntegerField()
    name = models.CharField(max_length=300)
    reason = models.TextField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    by_id = models.BigIntegerField()
    by_username = models.CharField(max_length=254)
    by_name = models.CharField(max_length=300)
    at = ReturnedDateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["key"], name="conflict_key")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="conflict_ends_after_start"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="conflict_has_a_reason"),
        ]
        triggers = [*append_only(), CONFLICT_TIME, recorded("conflict_declared", "conflict")]

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"

    @property
    def person(self) -> Person:
        """Who has the interest."""
        return Person(self.user_id, self.username, self.name)

    @property
    def is_own(self) -> bool:
        """Whether the person declared it."""
        return self.by_id == self.user_id

    def as_record(self) -> dict[str, Any]:
        """The data of this row's ledger entry: every column."""
        return {
            "conflict": self.pk,
            "key": str(self.key),
            "user_id": self.user_id,
            "username": self.username,
            "sign_in_keys": self.sign_in_keys,
            "name": self.name,
            "reason": self.reason,
            "starts_on": self.starts_on.isoformat(),
            "ends_on": self.ends_on.isoformat() if self.ends_on else None,
            "by_id": self.by_id,
            "by_username": self.by_username,
            "by_name": self.by_name,
            "at": iso(self.at),
        }


class ConflictEnd(models.Model):
    """States that a conflict of interest is over. The database refuses it from the person who has it."""

    conflict = models.OneToOneField(ConflictOfInterest, on_delete=models.PROTECT, related_name="end")
    key = ReturnedUUIDField()
    reason = models.TextField()
    by_id = models.BigIntegerField()
    by_username = models.CharField(max_length=254)
    by_name = models.CharField(max_length=300)
    by_sign_in_keys = ArrayField(
        models.TextField(), null=True, editable=False, help_text="Null in rows older than this rule."
    )
    at = ReturnedDateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["key"], name="conflict_end_key")]
        triggers = [*append_only(), CONFLICT_END_PLACE, recorded("conflict_ended", "conflict_end")]

    def __str__(self) -> str:
        return f"{self.by_name}: {self.reason}"

    def as_record(self) -> dict[str, Any]:
        """The data of this row's ledger entry: every column."""
        return {
            "conflict_end": self.pk,
            "conflict": self.conflict_id,
            "key": str(self.key),
            "reason": self.reason,
            "by_id": self.by_id,
            "by_username": self.by_username,
            "by_name": self.by_name,
            "by_sign_in_keys": self.by_sign_in_keys,
            "at": iso(self.at),
        }

"""Changes of the review's workflow that wait for a second person."""

from django.conf import settings
from django.db import models

from monographs.core.db_clock import database_now
from monographs.editions.person import Person


class WorkflowChangeStatus(models.TextChoices):
    """The state of a proposed change."""

    PROPOSED = "proposed", "Waiting for a second person"
    CONFIRMED = "confirmed", "Confirmed"
    DECLINED = "declined", "Declined"


class WorkflowChange(models.Model):
    """A change that makes review weaker or another one, proposed by one person and decided by a second.

    ``before`` and ``after`` are arrangements (``workflow_changes.arrangement``), ``reasons`` says why two
    people are needed. The ledger has an entry for the proposal and for the decision.
    """

    before = models.JSONField()
    after = models.JSONField()
    reasons = models.JSONField(default=list)
    status = models.CharField(
        max_length=20, choices=WorkflowChangeStatus.choices, default=WorkflowChangeStatus.PROPOSED
    )
    proposed_at = models.DateTimeField(default=database_now)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    proposer = models.JSONField(help_text="The account by value.")
    decided_at = models.DateTimeField(null=True)
    decider = models.JSONField(null=True, help_text="The account by value.")

    class Meta:
        ordering = ["-proposed_at"]

    def __str__(self) -> str:
        return f"workflow change {self.pk} ({self.status})"

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision."""
        return self.status == WorkflowChangeStatus.PROPOSED

    @property
    def proposer_person(self) -> Person:
        """The proposer by value."""
        return Person(**self.proposer)

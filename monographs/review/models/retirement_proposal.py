"""Proposals to retire a page that had an edition, which then cannot be deleted."""

from django.conf import settings
from django.db import models

from monographs.editions.person import Person
from monographs.editions.withdrawal_reasons import REASON_TEXTS, RETIREMENT_REASONS, WithdrawalReason


class ProposalStatus(models.TextChoices):
    """The state of a proposal; only an open one can change."""

    OPEN = "open", "Waits for a reviewer's signature"
    SIGNED = "signed", "Signed"
    DECLINED = "declined", "Declined"


class RetirementProposal(models.Model):
    """An editor's proposal to retire the page ``key``; a qualified reviewer signs or declines it.

    ``cause`` decides what patients read, ``note`` is for the admin. Neither changes once it is proposed.
    """

    key = models.UUIDField(db_index=True)
    cause = models.CharField(
        max_length=40, choices=[(cause.value, REASON_TEXTS[cause].label) for cause in RETIREMENT_REASONS]
    )
    note = models.TextField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    proposer = models.JSONField()
    proposed_at = models.DateTimeField()
    status = models.CharField(max_length=20, choices=ProposalStatus, default=ProposalStatus.OPEN)
    closed_at = models.DateTimeField(null=True)
    closer = models.JSONField(null=True)
    outcome = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                condition=models.Q(status="open"),
                name="one_open_retirement_proposal_per_page",
            )
        ]

    def __str__(self) -> str:
        return f"Retire {self.key}: {self.get_status_display()}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for a signature."""
        return self.status == ProposalStatus.OPEN

    @property
    def proposer_person(self) -> Person:
        """Who proposed it, by value at the time."""
        return Person(**self.proposer)

    @property
    def reason(self) -> WithdrawalReason:
        """The reason, as the record stores it."""
        return WithdrawalReason(self.cause)

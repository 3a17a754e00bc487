"""People leave; what they wrote and signed stays, and so does the account it points to."""

from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Model, ProtectedError, Q
from django.db.models.signals import pre_delete
from django.dispatch import receiver

from monographs.editions.models import Contribution, Signature


class ContributorNotDeletable(ProtectedError):
    """An account that wrote, submitted or signed something is deactivated, never deleted."""

    def __init__(self, message: str, protected: set[Model]) -> None:
        super().__init__(message, protected)
        self.message = message

    def __str__(self) -> str:
        return self.message


def has_contributed(user: Any) -> bool:
    """Whether the record names the account as author, submitter or signatory."""
    named = Q(user_id=user.pk) | Q(username=user.get_username())
    return (
        Contribution.objects.filter(named).exists()
        or Signature.objects.filter(named).exists()
        or apps.get_model("review", "Submission")._default_manager.filter(submitted_by=user.pk).exists()
    )


def deletion_refusal(users: list[Any]) -> str:
    """What to say instead of deleting ``users``, and what to do."""
    names = ", ".join(user.get_full_name() or user.get_username() for user in users)
    return (
        f"Not deleted: {names} wrote, submitted or signed texts, and the record keeps their names. "
        "Clear “Active” instead: nobody can sign in with the account then."
    )


@receiver(pre_delete, sender=get_user_model(), dispatch_uid="contributor_stays")
def refuse_deletion(instance: Any, **kwargs: Any) -> None:
    """Refuse ``delete()``, of one account or of a query. Raises ``ContributorNotDeletable``."""
    if has_contributed(instance):
        raise ContributorNotDeletable(deletion_refusal([instance]), {instance})

"""Accounts that contributed are deactivated, never deleted: contributions and signatures refer to them."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.db.models import Model, ProtectedError, Q
from django.db.models.signals import pre_delete
from django.dispatch import receiver

from monographs.editions.models import Contribution, Signature


class ContributorNotDeletable(ProtectedError):
    """An account that wrote, submitted or signed a text cannot be deleted."""

    def __init__(self, message: str, protected: set[Model]) -> None:
        super().__init__(message, protected)
        self.message = message

    def __str__(self) -> str:
        return self.message


def has_contributed(user: User) -> bool:
    """Whether a contribution, a signature or a submission names the account, by id or sign-in name."""
    named = Q(user_id=user.pk) | Q(username=user.get_username())
    return (
        Contribution.objects.filter(named).exists()
        or Signature.objects.filter(named).exists()
        or apps.get_model("review", "Submission")._default_manager.filter(submitted_by=user.pk).exists()
    )


def deletion_refusal(users: Iterable[User]) -> str:
    """The message for an attempt to delete ``users``: why it is refused and what to do instead."""
    names = ", ".join(user.get_full_name() or user.get_username() for user in users)
    return (
        f"Not deleted: {names} wrote, submitted or signed texts, and the record keeps their names. "
        "Clear “Active” instead: nobody can sign in with the account then."
    )


@receiver(pre_delete, sender=User, dispatch_uid="contributor_stays")
def refuse_deletion(instance: User, **kwargs: Any) -> None:
    """Refuse ``delete()`` of an account or a queryset. Raises ``ContributorNotDeletable``."""
    if has_contributed(instance):
        raise ContributorNotDeletable(deletion_refusal([instance]), {instance})

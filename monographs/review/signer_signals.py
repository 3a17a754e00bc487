"""A renamed account is a new proposal of how its reviewer signs."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models.signals import post_save
from django.dispatch import receiver

from monographs.review.models import ReviewerProfile


@receiver(post_save, sender=User, dispatch_uid="propose_renamed_signer")
def propose_renamed_signer(instance: User, raw: bool = False, **kwargs: Any) -> None:
    """Store who changed the name or sign-in name of a reviewer, so that somebody else must confirm it.

    A change by SQL sends no signal; it makes the profile unconfirmed all the same, because values differ.
    """
    profile = None if raw else ReviewerProfile.objects.filter(user_id=instance.pk).first()
    if profile is not None and profile.is_outdated:
        profile.save()

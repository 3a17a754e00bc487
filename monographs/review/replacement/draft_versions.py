"""Keeps rows that say which versions of standard texts drafts have in step with stored revisions."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Revision

from monographs.models import MonographPage
from monographs.review.models import DraftStandardText
from monographs.review.replacement.stored_versions import StoredVersions


@receiver(post_save, sender=Revision, dispatch_uid="follow standard texts of a draft")
def follow_draft_versions(instance: Revision, update_fields: Any = None, **kwargs: Any) -> None:
    """Store which versions of standard texts the newest draft of a medicine has. A query if none changed."""
    if instance.content_type.model_class() is not MonographPage:
        return
    if update_fields and "content" not in update_fields:
        return
    key = instance.content["translation_key"]
    versions = StoredVersions(instance.content, MonographPage).versions()
    if versions == [row.version for row in DraftStandardText.objects.filter(key=key).order_by("pk")]:
        return
    with transaction.atomic():
        DraftStandardText.objects.filter(key=key).delete()
        DraftStandardText.objects.bulk_create(
            DraftStandardText(key=key, text=each.key, number=each.number, sha256=each.sha256)
            for each in versions
        )


@receiver(post_delete, sender=MonographPage, dispatch_uid="forget standard texts of a deleted draft")
def forget_draft_versions(instance: MonographPage, **kwargs: Any) -> None:
    """Remove the rows of a medicine that is deleted with its draft."""
    if instance.alias_of_id is None:
        DraftStandardText.objects.filter(key=instance.translation_key).delete()

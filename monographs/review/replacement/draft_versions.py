"""Keeps rows that say which versions of standard texts drafts have in step with stored revisions."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Revision

from monographs.models import MonographPage
from monographs.review.draft_state.draft_rows import replace_draft_rows, stored_medicine
from monographs.review.models import DraftStandardText
from monographs.review.replacement.stored_versions import StoredVersions


@receiver(post_save, sender=Revision, dispatch_uid="follow standard texts of a draft")
def follow_draft_versions(instance: Revision, update_fields: Any = None, **kwargs: Any) -> None:
    """Store which versions of standard texts the newest draft of a medicine has."""
    content = stored_medicine(instance, update_fields)
    if content is None:
        return
    key = content["translation_key"]
    versions = StoredVersions(content, MonographPage).versions()
    rows = [
        DraftStandardText(key=key, text=each.key, number=each.number, sha256=each.sha256) for each in versions
    ]
    replace_draft_rows(DraftStandardText, key, rows)


@receiver(post_delete, sender=MonographPage, dispatch_uid="forget standard texts of a deleted draft")
def forget_draft_versions(instance: MonographPage, **kwargs: Any) -> None:
    """Remove the rows of a medicine that is deleted with its draft."""
    if instance.alias_of_id is None:
        DraftStandardText.objects.filter(key=instance.translation_key).delete()

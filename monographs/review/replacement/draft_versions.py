"""Keeps rows that say which versions of standard texts drafts have in step with stored revisions."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Page, Revision

from monographs.review.draft_state.draft_rows import replace_draft_rows, stored_content
from monographs.review.models import DraftStandardText
from monographs.review.replacement.stored_versions import INCLUDING_PAGES, StoredVersions


@receiver(post_save, sender=Revision, dispatch_uid="follow standard texts of a draft")
def follow_draft_versions(instance: Revision, update_fields: Any = None, **kwargs: Any) -> None:
    """Store which versions of standard texts the newest draft of a page has."""
    content = stored_content(instance, update_fields, INCLUDING_PAGES)
    if content is None:
        return
    key = content["translation_key"]
    versions = StoredVersions(content, instance.content_type.model_class()).versions()
    rows = [
        DraftStandardText(key=key, text=each.key, number=each.number, sha256=each.sha256) for each in versions
    ]
    replace_draft_rows(DraftStandardText, key, rows)


def forget_draft_versions(instance: Page, **kwargs: Any) -> None:
    """Remove the rows of a page that is deleted with its draft."""
    if instance.alias_of_id is None:
        DraftStandardText.objects.filter(key=instance.translation_key).delete()


for page_type in INCLUDING_PAGES:
    post_delete.connect(
        forget_draft_versions, page_type, dispatch_uid=f"forget standard texts of {page_type.__name__}"
    )

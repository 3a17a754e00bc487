"""Revisions that must stay as they are: of a draft that is set aside, and of the text it stems from."""

from typing import Any

from django.db.models import Q
from django.db.models.signals import pre_save
from django.dispatch import receiver
from wagtail.models import Revision

from monographs.pages.refusals import PolicyError, Rule
from monographs.review.models import SetAsideDraft, SetAsideStatus

KEPT = (
    "This version was set aside meanwhile and stays as it is, so nothing was saved over it. Open the page "
    "again: the editor has the draft as it is now."
)


@receiver(pre_save, sender=Revision, dispatch_uid="keep_revisions_of_a_draft_set_aside")
def keep_revisions_set_aside(instance: Revision, **kwargs: Any) -> None:
    """Raise ``PolicyError`` before a draft set aside is overwritten in place, by whatever code.

    Also after it was left in the history: if it comes back, it is known by what it says.
    """
    update_fields = kwargs.get("update_fields")
    if instance._state.adding or (update_fields and "content" not in update_fields):
        return
    rows = SetAsideDraft.objects.filter(Q(revision=instance.pk) | Q(base_revision=instance.pk))
    if not rows.exclude(status=SetAsideStatus.MERGED).exists():
        return
    stored = Revision.objects.filter(pk=instance.pk).values_list("content", flat=True).first()
    if stored != instance.content:
        raise PolicyError(Rule.STALE, KEPT)

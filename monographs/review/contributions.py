"""Who changed what a page says, noticed whenever a revision is stored, by whatever door.

Judged by the document's hash, not by ``revision.user``: a comment changes nothing, and an autosave
rewrites a revision in place.
"""

import logging
from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver
from wagtail.log_actions import get_active_log_context
from wagtail.models import Revision

from monographs.document import sha256_of
from monographs.editions.making import current_edition
from monographs.editions.models import Contribution
from monographs.models import ReviewedPage
from monographs.review.people import person_of

logger = logging.getLogger(__name__)

#: The hash of a draft that is too unfinished to be a document; any change of it counts.
UNREADABLE = ""


def last_known_hash(key: Any) -> str | None:
    """The hash the text of ``key`` had when somebody last answered for it; None for a new page."""
    last = Contribution.objects.filter(key=key).order_by("-pk").first()
    edition = current_edition(key)
    if edition and (last is None or last.after_edition < edition.number):
        return edition.sha256
    return last.sha256 if last else None


def note_contribution(key: Any, sha256: str, users: list[Any]) -> bool:
    """Record ``users`` as contributors if the text now differs from what was last known."""
    if sha256 != UNREADABLE and sha256 == last_known_hash(key):
        return False
    for person in dict.fromkeys(person_of(user) for user in users) or [person_of(None)]:
        Contribution.objects.create(
            key=key, user_id=person.id, username=person.username, name=person.name, sha256=sha256
        )
    return True


@receiver(post_save, sender=Revision, dispatch_uid="note_contribution_of_revision")
def revision_stored(instance: Revision, **kwargs: Any) -> None:
    """Compare the stored revision's document with the last known one."""
    model = instance.content_type.model_class()
    update_fields = kwargs.get("update_fields")
    if not (model and issubclass(model, ReviewedPage)):
        return
    if update_fields and "content" not in update_fields:
        return
    page = instance.as_object()
    try:
        sha256 = sha256_of(page.to_document())
    except ValueError as error:
        logger.info("draft %s is not a document yet: %s", page.pk, error)
        sha256 = UNREADABLE
    active = getattr(get_active_log_context(), "user", None)
    users = [user for user in (instance.user, active) if user is not None]
    note_contribution(page.translation_key, sha256, users)

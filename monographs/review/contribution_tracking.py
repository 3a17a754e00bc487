"""Who changed what a page says, noticed whenever a revision is stored, by whatever door.

Judged by the document's hash, not by ``revision.user``: a comment changes nothing, and an autosave
rewrites a revision in place.
"""

import logging
from collections.abc import Iterable
from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver
from wagtail.log_actions import get_active_log_context
from wagtail.models import Revision

from monographs.document import sha256_of
from monographs.editions.contributions import record_contribution
from monographs.editions.models import Contribution
from monographs.editions.person import SYSTEM, Person
from monographs.editions.queries import current_edition
from monographs.models import ReviewedPage
from monographs.review.contributors import contributor_of
from monographs.review.indirect_contributors import indirect_contributors

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


def record_if_changed(key: Any, sha256: str, people: Iterable[Person]) -> bool:
    """Record ``people`` as contributors if the text now differs from what was last known.

    Text that was there before comes back with those who had contributed to it then.
    """
    if sha256 != UNREADABLE and sha256 == last_known_hash(key):
        return False
    _record(key, sha256, [*people, *_earlier_authors(key, sha256)] or [SYSTEM])
    return True


def copy_contributors(source: Any, copy: Any) -> None:
    """Whoever wrote the text of the page ``source`` has written the text of its ``copy``."""
    authors = (row.person for row in Contribution.objects.filter(key=source).order_by("pk"))
    _record(copy, last_known_hash(copy) or UNREADABLE, authors)


def _record(key: Any, sha256: str, people: Iterable[Person]) -> None:
    for person in dict.fromkeys(people):
        record_contribution(key, person, sha256)


def _earlier_authors(key: Any, sha256: str) -> list[Person]:
    then = (
        Contribution.objects.filter(key=key, sha256=sha256).exclude(sha256=UNREADABLE).order_by("pk").first()
    )
    if then is None:
        return []
    rows = Contribution.objects.filter(key=key, after_edition=then.after_edition, pk__lte=then.pk)
    return [row.person for row in rows.order_by("pk")]


@receiver(post_save, sender=Revision, dispatch_uid="note_contribution_of_revision")
def track_stored_revision(instance: Revision, **kwargs: Any) -> None:
    """Compare the stored revision's document with the last known one."""
    model = instance.content_type.model_class()
    update_fields = kwargs.get("update_fields")
    if not (model and issubclass(model, ReviewedPage)):
        return
    if update_fields and "content" not in update_fields:
        return
    page = instance.as_object()
    active = getattr(get_active_log_context(), "user", None)
    people = [contributor_of(user) for user in (instance.user, active) if user is not None]
    try:
        document, images = page.resolve()
    except ValueError as error:
        logger.info("draft %s is not a document yet: %s", page.pk, error)
        record_if_changed(page.translation_key, UNREADABLE, people)
        return
    record_if_changed(
        page.translation_key, sha256_of(document), [*people, *indirect_contributors(document, images)]
    )

"""Recording who changed what a page says, whenever a revision is stored, by whatever code.

Decided by the document's hash, not by ``revision.user``: a comment changes nothing, and an autosave rewrites
a revision in place. A hash recorded by an earlier release may be of an older version of documents: a draft
that says the same in that version has not changed.
"""

import logging
import uuid
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver
from wagtail.log_actions import get_active_log_context
from wagtail.models import Revision

from monographs.accounts.actors import contributor_of
from monographs.document.models import BaseDocument
from monographs.document.versions.stored_document import hashes_of
from monographs.editions.contributions import record_contribution
from monographs.editions.models import Contribution
from monographs.editions.person import SYSTEM, Person
from monographs.editions.queries import current_edition
from monographs.models import ReviewedPage
from monographs.review.contributors.indirect import indirect_contributors

logger = logging.getLogger(__name__)

#: Stored in place of a hash for a draft too unfinished to be a document; every change of it counts.
UNREADABLE = ""


def last_known_hash(key: uuid.UUID) -> str | None:
    """Return the hash of the text of ``key`` at its last contribution or edition; None for a new page."""
    last = Contribution.objects.filter(key=key).order_by("-pk").first()
    edition = current_edition(key)
    if edition and (last is None or last.after_edition < edition.number):
        return edition.sha256
    return last.sha256 if last else None


def record_if_changed(key: uuid.UUID, document: BaseDocument | None, people: Iterable[Person]) -> bool:
    """Record ``people`` as contributors unless ``document`` says what the last known hash is of.

    ``document`` is None for an unreadable draft. Returns whether it was new. If the page said the same at an
    earlier time, the contributors of that time are recorded as well.
    """
    hashes = list(hashes_of(document)) if document else [UNREADABLE]
    if document and last_known_hash(key) in hashes:
        return False
    _record(key, _hash_to_record(key, hashes), [*people, *_earlier_contributors(key, hashes)] or [SYSTEM])
    return True


def _hash_to_record(key: uuid.UUID, hashes: list[str]) -> str:
    """The newest of ``hashes``; the current edition's if it says the same, so that both can be compared."""
    edition = current_edition(key)
    return edition.sha256 if edition and edition.sha256 in hashes else hashes[0]


def copy_contributors(source: uuid.UUID, copy: uuid.UUID) -> None:
    """Record the contributors of the page ``source`` as contributors of its copy ``copy``."""
    authors = (row.person for row in Contribution.objects.filter(key=source).order_by("pk"))
    _record(copy, last_known_hash(copy) or UNREADABLE, authors)


def _record(key: uuid.UUID, sha256: str, people: Iterable[Person]) -> None:
    for person in dict.fromkeys(people):
        record_contribution(key, person, sha256)


def _earlier_contributors(key: uuid.UUID, hashes: Collection[str]) -> list[Person]:
    same = Contribution.objects.filter(key=key, sha256__in=hashes).exclude(sha256=UNREADABLE)
    first = same.order_by("pk").first()
    if first is None:
        return []
    rows = Contribution.objects.filter(key=key, after_edition=first.after_edition, pk__lte=first.pk)
    return [row.person for row in rows.order_by("pk")]


@receiver(post_save, sender=Revision, dispatch_uid="track_stored_revision")
def track_stored_revision(instance: Revision, **kwargs: Any) -> None:
    """Compare the stored revision's document with the last known hash and record who changed it."""
    model = instance.content_type.model_class()
    update_fields = kwargs.get("update_fields")
    if not (model and issubclass(model, ReviewedPage)):
        return
    if update_fields and "content" not in update_fields:
        return
    page = instance.as_object()
    acting_user = getattr(get_active_log_context(), "user", None)
    people = [contributor_of(user) for user in (instance.user, acting_user) if user is not None]
    try:
        document, images = page.resolve()
    except ValueError as error:
        logger.info("draft %s is not a document yet: %s", page.pk, error)
        record_if_changed(page.translation_key, None, people)
        return
    record_if_changed(page.translation_key, document, [*people, *indirect_contributors(document, images)])

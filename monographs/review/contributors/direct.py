"""Recording who changed what a page says, whenever a revision is stored, by whatever code.

Decided by the stored content and its authors, passage by passage (``review/authorship``), not by
``revision.user``: a comment changes nothing, an autosave rewrites a revision in place, and a text that is put
back is still its author's.
"""

import logging
import uuid
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver
from wagtail.log_actions import get_active_log_context
from wagtail.models import Revision

from monographs.accounts.actors import contributor_of
from monographs.document import says, sha256_of
from monographs.document.models import BaseDocument
from monographs.editions.contributions import (
    contributors_since,
    record_contribution,
    retract_contribution,
)
from monographs.editions.models import Contribution
from monographs.editions.person import SYSTEM, Person
from monographs.editions.queries import current_edition
from monographs.editions.signatures import ExcludedUsers
from monographs.models import ReviewedPage
from monographs.review.authorship.draft_follow import FollowedDraft, follow
from monographs.review.authorship.stored_passages import UNFOLLOWABLE
from monographs.review.contributors.indirect import indirect_contributors
from monographs.review.models import DraftAuthorship

logger = logging.getLogger(__name__)

#: Stored in place of a hash for a draft too unfinished to be a document; every change of it counts.
UNREADABLE = ""


def copy_contributors(source: uuid.UUID, copy: uuid.UUID) -> None:
    """Record the contributors of the page ``source`` as contributors of its copy ``copy``."""
    authors = (row.person for row in Contribution.objects.standing().filter(key=source).order_by("pk"))
    last = Contribution.objects.filter(key=copy).order_by("-pk").first()
    _record(copy, last.sha256 if last else UNREADABLE, authors)


def _record(key: uuid.UUID, sha256: str, people: Iterable[Person]) -> list[int]:
    return [record_contribution(key, person, sha256).pk for person in dict.fromkeys(people)]


@receiver(post_save, sender=Revision, dispatch_uid="track_stored_revision")
def track_stored_revision(instance: Revision, **kwargs: Any) -> None:
    """Record who changed the content of the page, and whose words it has again."""
    model = instance.content_type.model_class()
    update_fields = kwargs.get("update_fields")
    if not (model and issubclass(model, ReviewedPage)):
        return
    if update_fields and "content" not in update_fields:
        return
    page = instance.as_object()
    acting_user = getattr(get_active_log_context(), "user", None)
    people = [contributor_of(user) for user in (instance.user, acting_user) if user is not None]
    sha256, borrowed = _resolved(page)
    try:
        draft = follow(page, instance.content, people, revision=instance.pk)
    except UNFOLLOWABLE:
        # What cannot be followed excludes everybody who saves it, and cannot be retracted
        logger.exception("the content of page %s cannot be followed", page.pk)
        _record(page.translation_key, sha256, [*people, *borrowed] or [SYSTEM])
        return
    saved = (people or [SYSTEM]) if draft.changed else []
    _record_draft(draft, sha256, saved, [*draft.authors, *borrowed])


def record_submission_contributors(draft: ReviewedPage, submitter: Person) -> None:
    """Record everybody who may not sign ``draft``, which ``submitter`` submits, and retract all others.

    A change that bypassed revisions is attributed to ``submitter``, who contributes in any case. If the
    content cannot be followed, nobody is retracted.
    """
    sha256, borrowed = _resolved(draft)
    revision = draft.get_latest_revision()
    try:
        followed = follow(draft, revision.content, [submitter])
    except UNFOLLOWABLE:
        logger.exception("the content of page %s cannot be followed", draft.pk)
        _record(draft.translation_key, sha256, [submitter, *borrowed])
        return
    needed = [*followed.authors, submitter, *borrowed]
    _record_draft(followed, sha256, [submitter] if followed.changed else [], needed)
    _retract_others(draft.translation_key, needed, submitter)


def record_edition_authors(draft: ReviewedPage, authors: Iterable[Person], sha256: str) -> None:
    """Record the ``authors`` of the current edition, whose hash is ``sha256``, while it is reviewed again.

    They may not sign it. Once something else is submitted instead, those of whom nothing is left are
    retracted, as after any change.
    """
    key = draft.translation_key
    known = contributors_since(key, current_edition(key))
    rows = _record(key, sha256, [person for person in authors if person not in known])
    revision = draft.get_latest_revision()
    if revision is not None:
        with suppress(*UNFOLLOWABLE):
            follow(draft, revision.content, []).store(rows)


def _resolved(page: ReviewedPage) -> tuple[str, list[Person]]:
    """Return the hash of the page's document, and the authors of what it takes from elsewhere."""
    try:
        document, images = page.resolve()
    except ValueError as error:
        logger.info("draft %s is not a document yet: %s", page.pk, error)
        return UNREADABLE, []
    return _hash_to_record(document), indirect_contributors(document, images)


def _hash_to_record(document: BaseDocument) -> str:
    """The document's hash; that of the current edition if it says the same in an older version."""
    edition = current_edition(document.key)
    return edition.sha256 if edition and says(document, edition.sha256) else sha256_of(document)


def _record_draft(draft: FollowedDraft, sha256: str, saved: list[Person], needed: list[Person]) -> None:
    """Record those who ``saved`` a change, and of those ``needed`` all who are no contributors yet."""
    known = contributors_since(draft.key, current_edition(draft.key))
    missing = [person for person in needed if person not in known]
    draft.store(_record(draft.key, sha256, [*saved, *missing]))


def _retract_others(key: uuid.UUID, needed: list[Person], actor: Person) -> None:
    """Retract the contributions of people of whom nothing is left.

    Only of those whose every contribution since the last edition was followed passage by passage: one that
    was recorded before that, or for something else, stays.
    """
    edition = current_edition(key)
    standing = Contribution.objects.standing().filter(key=key, after_edition=edition.number if edition else 0)
    rows = list(standing.exclude(user_id=None).order_by("pk"))
    followed: set[int] = set()
    for numbers in DraftAuthorship.objects.filter(key=key).values_list("contributions", flat=True):
        followed.update(numbers)
    kept = ExcludedUsers.from_contributors([*needed, *(row.person for row in rows if row.pk not in followed)])
    for row in rows:
        if not kept.contains(row.user_id or 0, row.username):
            retract_contribution(row, actor)

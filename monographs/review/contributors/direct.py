"""Recording who changed what a page says, whenever a revision is stored, by whatever code.

Decided by the stored content and its authors, passage by passage (``review/authorship``), not by
``revision.user``: a comment changes nothing, an autosave rewrites a revision in place, and a text that is put
back is still its author's.
"""

import logging
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver
from wagtail.log_actions import get_active_log_context
from wagtail.models import Revision

from monographs.accounts.actors import contributor_of
from monographs.document import matches_hash, sha256_of
from monographs.document.models import BaseDocument
from monographs.editions.contributions import (
    contributors_since,
    record_contribution,
    retract_contribution,
)
from monographs.editions.models import Contribution, Edition
from monographs.editions.person import SYSTEM, Person
from monographs.editions.queries import current_edition
from monographs.editions.signatures import ExcludedUsers, is_among
from monographs.models import ReviewedPage
from monographs.review.authorship.authored_text import reference_of
from monographs.review.authorship.draft_follow import FollowedDraft, MergedDrafts, follow, follow_merged
from monographs.review.authorship.stored_passages import UNFOLLOWABLE
from monographs.review.contributors.indirect import indirect_contributors
from monographs.review.contributors.restored_drafts import people_of_restored_draft
from monographs.review.models import DraftAuthorship

logger = logging.getLogger(__name__)

#: Stored in place of a hash for a draft too unfinished to be a document; every change of it counts.
UNREADABLE = ""


@dataclass(frozen=True, slots=True)
class MadeRevision:
    """A revision whose content nobody typed, and who counts for it besides the authors of its words.

    ``others`` contributed to the draft that was set aside other than by typing; ``everybody`` are all its
    contributors, who count if the content cannot be followed.
    """

    merged: MergedDrafts
    others: tuple[Person, ...] = ()
    everybody: tuple[Person, ...] = ()


_MADE: ContextVar[MadeRevision | None] = ContextVar("made_revision", default=None)


@contextmanager
def revision_made_of(made: MadeRevision) -> Iterator[None]:
    """Record the authors of revisions that are stored meanwhile by the drafts they were made of."""
    token = _MADE.set(made)
    try:
        yield
    finally:
        _MADE.reset(token)


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
    if made := _MADE.get():
        _record_made(page, instance.content, made, sha256, borrowed)
        return
    try:
        draft = follow(page, instance.content, people, revision=instance.pk)
        borrowed += people_of_restored_draft(page, instance.content)
    except UNFOLLOWABLE:
        # What cannot be followed excludes everybody who saves it, and cannot be retracted
        logger.exception("the content of page %s cannot be followed", page.pk)
        _record(page.translation_key, sha256, [*people, *borrowed] or [SYSTEM])
        return
    saved = (people or [SYSTEM]) if draft.changed else []
    _record_draft(draft, sha256, saved, [*draft.authors, *borrowed])


def _record_made(
    page: ReviewedPage, content: dict[str, Any], made: MadeRevision, sha256: str, borrowed: list[Person]
) -> None:
    """Record who wrote the words of a content that was made of drafts, and who counts for it anyway."""
    try:
        draft = follow_merged(page, content, made.merged)
    except UNFOLLOWABLE:
        logger.exception("the merged content of page %s cannot be followed", page.pk)
        _record(page.translation_key, sha256, [made.merged.maker, *made.everybody, *borrowed])
        return
    maker = reference_of(made.merged.maker)
    saved = [person for person in draft.authors if reference_of(person) == maker]
    _record_draft(draft, sha256, saved, [*draft.authors, *borrowed])
    _record(page.translation_key, sha256, made.others)


def record_submission_contributors(draft: ReviewedPage, submitter: Person) -> None:
    """Record everybody who may not sign ``draft``, which ``submitter`` submits, and retract all others.

    A change that bypassed revisions is attributed to ``submitter``, who contributes in any case. If the
    content cannot be followed, nobody is retracted.
    """
    sha256, borrowed = _resolved(draft)
    revision = draft.get_latest_revision()
    try:
        followed = follow(draft, revision.content, [submitter])
        borrowed += people_of_restored_draft(draft, revision.content)
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
    return edition.sha256 if edition and matches_hash(document, edition.sha256) else sha256_of(document)


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
    followed = _followed_contributions(key)
    kept = ExcludedUsers.from_contributors([*needed, *(row.person for row in rows if row.pk not in followed)])
    for row in rows:
        if not is_among(kept, row.person):
            retract_contribution(row, actor)


def _followed_contributions(key: uuid.UUID) -> set[int]:
    """Return the primary keys of contributions that were followed passage by passage."""
    followed: set[int] = set()
    for numbers in DraftAuthorship.objects.filter(key=key).values_list("contributions", flat=True):
        followed.update(numbers)
    return followed


def unfollowed_contributors(key: uuid.UUID, edition: Edition | None) -> list[Person]:
    """Return who contributed since ``edition`` other than by typing, e.g. by an accepted suggestion."""
    after = edition.number if edition else 0
    followed = _followed_contributions(key)
    rows = Contribution.objects.standing().filter(key=key, after_edition=after).order_by("pk")
    return list(dict.fromkeys(row.person for row in rows if row.pk not in followed))

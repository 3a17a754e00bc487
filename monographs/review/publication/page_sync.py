"""Wagtail's state of a page, updated from the record so that the admin's page explorer shows the truth.

Nothing here decides what patients read; that is done before any of it is called.
"""

import uuid
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page
from wagtail.query import PageQuerySet
from wagtail.signals import page_published, published

from monographs.core.db_clock import database_now
from monographs.models import ReviewedPage
from monographs.pages.base import before_publish
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.models import Submission
from monographs.review.publication.integrity import StoredDraft
from monographs.review.publication.live_page import save_as_live
from monographs.review.publication.page_log import log_page_action


def page_of(key: uuid.UUID) -> ReviewedPage | None:
    """Return the page whose text has ``key``; None once it was deleted in the admin."""
    return next(iter(_reviewed(_pages([key])).values()), None)


def pages_of(keys: Iterable[uuid.UUID]) -> dict[uuid.UUID, ReviewedPage]:
    """Return the pages whose texts have ``keys``, without those deleted in the admin.

    Without their bodies, which a page reads if they are asked for: these may be thousands. One query, and one
    for each type of page.
    """
    return _reviewed(_pages(keys).defer_streamfields())


def _pages(keys: Iterable[uuid.UUID]) -> PageQuerySet[Page]:
    return Page.objects.filter(translation_key__in=keys, alias_of=None).specific()


def _reviewed(pages: Iterable[Page]) -> dict[uuid.UUID, ReviewedPage]:
    return {page.translation_key: page for page in reversed(list(pages)) if isinstance(page, ReviewedPage)}


def mark_published(submission: Submission, draft: StoredDraft | None, user: User | None = None) -> None:
    """Publish the page's ``draft`` that says what was signed; without one, mark the draft as different.

    Raises ``PolicyError`` when the page fails Wagtail's validation, which also ran at submission.
    """
    if draft is None:
        Page.objects.filter(pk=submission.page_id).update(live=True, has_unpublished_changes=True)
        clear_schedule(submission)
        return
    try:
        _make_live(draft, user)
    except ValidationError as error:
        raise PolicyError(
            Rule.STALE, f"Wagtail cannot publish the page: {' '.join(error.messages)} Return the text."
        ) from error


def _make_live(draft: StoredDraft, user: User | None) -> None:
    """Make a draft Wagtail's live page: what ``Revision.publish`` stores, logs and sends for our pages.

    Wagtail's reads the page from the revision twice more and the row before it twice, and asks for every row
    that is referred to. The draft is the page's latest revision, and its page's record is locked.
    """
    page, revision, before = draft.page, draft.revision, draft.revision.content_object
    before_publish.send(type(page), page=page, revision=revision, draft=draft)
    page.live, page.has_unpublished_changes, page.expired = True, False, False
    page.live_revision, page.last_published_at = revision, database_now()
    page.first_published_at = page.first_published_at or page.last_published_at
    references = {field.name for field in page._meta.concrete_fields if field.is_relation}
    page.full_clean(exclude=references, validate_unique=False, validate_constraints=False)
    page.revisions.update(approved_go_live_at=None)
    save_as_live(page, before)
    page_published.send(type(page), instance=page, revision=revision)
    published.send(type(page), instance=page, revision=revision)
    page.update_aliases(revision=revision, _content=revision.content)
    titles = {"title": {"old": str(before), "new": str(page)}} if before.title != page.title else {}
    if titles:
        log_page_action(page, "wagtail.rename", user, revision.pk, titles)
    log_page_action(page, "wagtail.publish", user, revision.pk, titles, changed=True)


def mark_scheduled(submission: Submission, draft: StoredDraft | None) -> None:
    """Let Wagtail show the page as scheduled, which also locks it."""
    if draft is not None:
        draft.revision.approved_go_live_at = submission.publish_at
        draft.revision.save(update_fields=["approved_go_live_at"])


def clear_schedule(submission: Submission) -> None:
    """Unlock a page whose scheduled publication was recalled or is done."""
    page = submission.page.specific if submission.page else None
    if page is not None:
        page.revisions.update(approved_go_live_at=None)


def mark_withdrawn(key: uuid.UUID, user: User) -> None:
    """Mark the page as not public."""
    page = page_of(key)
    if page is not None and page.live:
        UnpublishPageAction(page, user=user).execute(skip_permission_checks=True)

"""Wagtail's state of a page, updated from the record so that the admin's page explorer shows the truth.

Nothing here decides what patients read; that is done before any of it is called.
"""

import uuid
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page

from monographs.models import ReviewedPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.models import Submission

if TYPE_CHECKING:
    from wagtail.models import Revision


def page_of(key: uuid.UUID) -> ReviewedPage | None:
    """Return the page whose text has ``key``; None once it was deleted in the admin."""
    for page in Page.objects.filter(translation_key=key, alias_of=None).specific():
        if isinstance(page, ReviewedPage):
            return page
    return None


def mark_published(submission: Submission, revision: "Revision | None", user: User | None = None) -> None:
    """Publish the page's ``revision`` that says what was signed; without one, mark the draft as different.

    Raises ``PolicyError`` when the page fails Wagtail's validation, which also ran at submission.
    """
    if revision is None:
        Page.objects.filter(pk=submission.page_id).update(live=True, has_unpublished_changes=True)
        clear_schedule(submission)
        return
    try:
        revision.publish(user=user, skip_permission_checks=True)
    except ValidationError as error:
        raise PolicyError(
            Rule.STALE, f"Wagtail cannot publish the page: {' '.join(error.messages)} Return the text."
        ) from error


def mark_scheduled(submission: Submission, revision: "Revision | None") -> None:
    """Let Wagtail show the page as scheduled, which also locks it."""
    if revision is not None:
        revision.approved_go_live_at = submission.publish_at
        revision.save(update_fields=["approved_go_live_at"])


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

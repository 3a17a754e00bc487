"""Wagtail's own page state brought in line with the record, so that its explorer shows the truth.

Nothing here decides what patients read; that is done before any of it is called.
"""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page

from monographs.models import ReviewedPage
from monographs.review.models import Submission
from monographs.review.refusals import ReviewRefused, Rule


def page_of(key: Any) -> Any:
    """The page whose text has ``key``; None once it is gone from the desk."""
    for page in Page.objects.filter(translation_key=key, alias_of=None).specific():
        if isinstance(page, ReviewedPage):
            return page
    return None


def mark_published(submission: Submission, revision: Any, user: Any = None) -> None:
    """Publish the page's ``revision`` that says what was signed; without one, say that the draft differs.

    Raises ``ReviewRefused`` when Wagtail finds the page unfit, which it told at submission already.
    """
    if revision is None:
        Page.objects.filter(pk=submission.page_id).update(live=True, has_unpublished_changes=True)
        clear_schedule(submission)
        return
    try:
        revision.publish(user=user, skip_permission_checks=True)
    except ValidationError as error:
        raise ReviewRefused(
            Rule.STALE, f"Wagtail cannot publish the page: {' '.join(error.messages)} Return the text."
        ) from error


def mark_scheduled(submission: Submission, revision: Any) -> None:
    """Let Wagtail show, and lock, the page as scheduled."""
    if revision is not None:
        revision.approved_go_live_at = submission.publish_at
        revision.save(update_fields=["approved_go_live_at"])


def clear_schedule(submission: Submission) -> None:
    """Let Wagtail open a page whose schedule was taken back or is done."""
    page = submission.page.specific if submission.page else None
    if page is not None:
        page.revisions.update(approved_go_live_at=None)


def mark_withdrawn(key: Any, user: Any) -> None:
    """Mark the page as not public."""
    page = page_of(key)
    if page is not None and page.live:
        UnpublishPageAction(page, user=user).execute(skip_permission_checks=True)

"""Entries of Wagtail's log of pages, by which its screens show who did what."""

from typing import Any

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from wagtail.log_actions import get_active_log_context
from wagtail.models import PageLogEntry

from monographs.core.db_clock import database_now
from monographs.models import ReviewedPage


def log_page_action(
    page: ReviewedPage,
    action: str,
    user: User | None,
    revision: int | None,
    data: dict[str, Any] | None = None,
    *,
    changed: bool = False,
) -> None:
    """Log ``action`` as ``wagtail.log_actions.log`` does, in one statement instead of five.

    Wagtail's asks the database for each row that the entry refers to; the caller has just read them.
    """
    context = get_active_log_context()
    entry = PageLogEntry(
        content_type=ContentType.objects.get_for_model(page, for_concrete_model=False),
        page_id=page.pk,
        label=page.get_admin_display_title(),
        action=action,
        timestamp=database_now(),
        user=user or context.user,
        uuid=context.uuid,
        revision_id=revision,
        data=data or {},
        content_changed=changed,
    )
    PageLogEntry.objects.bulk_create([entry])

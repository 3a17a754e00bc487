"""The names of states in Wagtail's lists and editor: those of the review dashboard, and no others."""

from typing import Any

from django.db import connection
from django.utils.functional import cached_property

from monographs.models import ReviewedPage
from monographs.review.dashboard import dashboard_sql
from monographs.review.dashboard.page_stage import PageStage
from monographs.review.dashboard.rows import page_parameters
from monographs.review.page_access import PageScope

_STAGE = f"{dashboard_sql.PAGES} SELECT stage FROM pages WHERE key = %(key)s"  # noqa: S608  # no value in it


def stage_of(page: ReviewedPage) -> PageStage:
    """Return the stage of a page, as the dashboard lists it; a page that is not stored yet is a draft."""
    if not page.pk:
        return PageStage.DRAFT
    with connection.cursor() as cursor:
        parameters = page_parameters(PageScope(everywhere=True, paths=(), edits=(), own=(), user_id=0))
        cursor.execute(_STAGE, parameters | {"key": page.translation_key})
        found = cursor.fetchone()
    return PageStage(found[0]) if found else PageStage.DRAFT


def _stage_label(page: ReviewedPage) -> str:
    return stage_of(page).label


def replace_status_strings() -> None:
    """Make Wagtail's tags say “In review” and “Withdrawn” instead of “in moderation” and “draft”."""
    label: Any = cached_property(_stage_label)
    label.__set_name__(ReviewedPage, "status_string")
    ReviewedPage.status_string = label

"""The names of states in Wagtail's lists and editor: those of the review dashboard, and no others."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.functional import cached_property

from monographs.models import ReviewedPage
from monographs.review.dashboard import dashboard_sql
from monographs.review.dashboard.page_stage import PageStage
from monographs.review.dashboard.rows import page_parameters
from monographs.review.page_access import PageScope

_STAGES = f"{dashboard_sql.PAGES} SELECT key, stage FROM pages WHERE key = ANY(%(keys)s)"  # noqa: S608  # no value in it


def stages_of(keys: Iterable[UUID]) -> dict[UUID, PageStage]:
    """Return the stages of the pages with these keys, as the dashboard lists them, in one query."""
    with connection.cursor() as cursor:
        parameters = page_parameters(PageScope(everywhere=True, paths=(), edits=(), own=(), user_id=0))
        cursor.execute(_STAGES, parameters | {"keys": list(keys)})
        return {key: PageStage(stage) for key, stage in cursor.fetchall()}


def _stage_label(page: ReviewedPage) -> str:
    """The stage of a page; one that is not stored yet is a draft."""
    stages = stages_of([page.translation_key]) if page.pk else {}
    return stages.get(page.translation_key, PageStage.DRAFT).label


def read_status_strings(pages: Iterable[Any]) -> None:
    """Read the stages of all reviewed pages among ``pages``, so that none is read by itself."""
    reviewed = [page for page in pages if isinstance(page, ReviewedPage)]
    stages = stages_of(page.translation_key for page in reviewed) if reviewed else {}
    for page in reviewed:
        page.__dict__["status_string"] = stages.get(page.translation_key, PageStage.DRAFT).label


def replace_status_strings() -> None:
    """Make Wagtail's tags say “In review” and “Withdrawn” instead of “in moderation” and “draft”."""
    label: Any = cached_property(_stage_label)
    label.__set_name__(ReviewedPage, "status_string")
    ReviewedPage.status_string = label

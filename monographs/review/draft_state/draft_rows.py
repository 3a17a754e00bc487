"""Rows that say what the newest draft of a page has, written only when a stored revision changes them."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import models, transaction
from wagtail.models import Page, Revision

from monographs.models import MonographPage


def is_medicine(revision: Revision) -> bool:
    """Whether a revision is of the page of a medicine."""
    return revision.content_type.model_class() is MonographPage


def stored_content(
    revision: Revision, update_fields: Collection[str] | None, page_types: Collection[type[Page]]
) -> dict[str, Any] | None:
    """Return the content of a revision that was just stored; None if of no such page, or the same."""
    is_followed = revision.content_type.model_class() in page_types
    if not is_followed or (update_fields and "content" not in update_fields):
        return None
    content: dict[str, Any] = revision.content
    return content


def replace_draft_rows(model: type[models.Model], key: str, rows: Sequence[models.Model]) -> None:
    """Store the rows of the draft with ``key`` instead of those before. A query if they are the same.

    A draft is stored every few seconds while somebody writes, and what such rows say rarely changes.
    """
    stored = model._default_manager.filter(key=key)
    if list(map(_values, stored.order_by("pk"))) == list(map(_values, rows)):
        return
    with transaction.atomic():
        stored.delete()
        model._default_manager.bulk_create(rows)


def _values(row: models.Model) -> list[Any]:
    fields = (field for field in row._meta.concrete_fields if not field.primary_key)
    return [field.to_python(getattr(row, field.attname)) for field in fields]

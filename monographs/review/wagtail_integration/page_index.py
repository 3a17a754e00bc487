"""Wagtail's two indexes of pages, updated from the page at hand and only if what they hold may have changed.

Wagtail reads each page again for either of them, and asks the whole search index for the average length of a
title, whenever a draft is saved. The search index of our pages holds nothing but the title.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from modelsearch import index
from modelsearch.signal_handlers import post_delete_signal_handler
from wagtail.models import Page, ReferenceIndex, get_page_models
from wagtail.signal_handlers import disable_reference_index_auto_update

from monographs.pages.base import ReviewedPage

#: Set on a page whose searched fields are those of its row, while it is saved.
_INDEXED = "search_entry_is_current"


def connect() -> None:
    """Index our pages by ``index_saved``; ``ReviewedPage.search_auto_update`` keeps Wagtail from doing it."""
    for model in get_page_models():
        if issubclass(model, ReviewedPage):
            post_save.connect(index_saved, sender=model, dispatch_uid=f"index saved {model.__name__}")
            post_delete.connect(post_delete_signal_handler, sender=model)


def index_saved(
    sender: type[ReviewedPage],
    instance: ReviewedPage,
    raw: bool = False,
    update_fields: Iterable[str] | None = None,
    **kwargs: Any,
) -> None:
    """Receiver of ``post_save`` of a page: store its entry in the search index unless that stays as it is."""
    unchanged = update_fields is not None and _searched_fields(sender).isdisjoint(update_fields)
    if not (raw or unchanged or getattr(instance, _INDEXED, False)):
        index.insert_or_update_object(instance)


def save_as_live(page: ReviewedPage, before: Page) -> None:
    """Store ``page``, whose row is ``before``, as ``Page.save(clean=False)`` does, and index it.

    A page that keeps its slug has no addresses to move, so its row need not be read again.
    """
    if page.slug != before.slug:
        page.save(clean=False)
        return
    setattr(page, _INDEXED, all(getattr(page, f) == getattr(before, f) for f in _searched_fields(type(page))))
    with transaction.atomic():
        with disable_reference_index_auto_update():
            super(Page, page).save()
        ReferenceIndex.create_or_update_for_object(page)
    delattr(page, _INDEXED)


def _searched_fields(model: type[ReviewedPage]) -> set[str]:
    fields = model.get_search_fields()
    return {field.field_name for field in fields if not isinstance(field, index.FilterField)}

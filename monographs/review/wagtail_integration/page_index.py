"""Wagtail's search index of our pages, updated from the page at hand and only if its entry may have changed.

Wagtail reads each page again for it, and asks the whole search index for the average length of a
title, whenever a draft is saved. The search index of our pages holds nothing but the title.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models.signals import post_delete, post_save
from modelsearch.signal_handlers import post_delete_signal_handler  # type: ignore[import-untyped]  # has no types
from wagtail.search import index

from monographs.pages.base import ReviewedPage, reviewed_page_models
from monographs.review.publication.live_page import INDEXED, searched_fields


def connect() -> None:
    """Index our pages by ``index_saved``; ``ReviewedPage.search_auto_update`` keeps Wagtail from doing it."""
    for model in reviewed_page_models():
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
    unchanged = update_fields is not None and searched_fields(sender).isdisjoint(update_fields)
    if not (raw or unchanged or getattr(instance, INDEXED, False)):
        index.insert_or_update_object(instance)

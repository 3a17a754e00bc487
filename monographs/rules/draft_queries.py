"""Drafts on the desk, for commands that go through all of them."""

from collections.abc import Collection, Iterator
from typing import Any

from wagtail.models import Page, get_page_models

from monographs.models import ReviewedPage


def drafts(keys: Collection[Any] | None = None) -> Iterator[ReviewedPage]:
    """The latest draft of every reviewed page, or of those with these keys; one at a time, by path.

    A page that mirrors another has no draft of its own.
    """
    types = [model for model in get_page_models() if issubclass(model, ReviewedPage)]
    pages = Page.objects.type(*types).filter(alias_of=None).order_by("path")
    if keys is not None:
        pages = pages.filter(translation_key__in=keys)
    for page in pages.select_related("latest_revision").specific().iterator(chunk_size=100):
        yield page.get_latest_revision_as_object()

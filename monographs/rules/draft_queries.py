"""Queries for drafts."""

from collections.abc import Collection, Iterator
from uuid import UUID

from wagtail.models import Page

from monographs.models import ReviewedPage, reviewed_page_models


def drafts(keys: Collection[UUID] | None = None) -> Iterator[ReviewedPage]:
    """Yield the latest draft of every reviewed page, or of those with these keys, by path.

    Aliases are left out: they have no draft of their own.
    """
    types = reviewed_page_models()
    pages = Page.objects.type(*types).filter(alias_of=None).order_by("path")
    if keys is not None:
        pages = pages.filter(translation_key__in=keys)
    for page in pages.select_related("latest_revision").specific().iterator(chunk_size=100):
        yield page.get_latest_revision_as_object()

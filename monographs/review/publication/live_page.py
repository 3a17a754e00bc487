"""Storage of a page as Wagtail's live one, with both of Wagtail's indexes, from rows read already."""

from django.db import transaction
from wagtail.models import Page, ReferenceIndex
from wagtail.search import index
from wagtail.signal_handlers import disable_reference_index_auto_update

from monographs.models import ReviewedPage

#: Set on a page whose searched fields are those of its row, while it is saved.
INDEXED = "search_entry_is_current"


def save_as_live(page: ReviewedPage, before: Page) -> None:
    """Store ``page``, whose row is ``before``, as ``Page.save(clean=False)`` does, and index it.

    A page that keeps its slug has no addresses to move, so its row need not be read again.
    """
    if page.slug != before.slug:
        page.save(clean=False)
        return
    setattr(page, INDEXED, all(getattr(page, f) == getattr(before, f) for f in searched_fields(type(page))))
    with transaction.atomic():
        with disable_reference_index_auto_update():
            super(Page, page).save()
        ReferenceIndex.create_or_update_for_object(page)
    delattr(page, INDEXED)


def searched_fields(model: type[ReviewedPage]) -> set[str]:
    """Return the fields of a page type whose words are in Wagtail's search index."""
    fields = model.get_search_fields()
    return {field.field_name for field in fields if not isinstance(field, index.FilterField)}

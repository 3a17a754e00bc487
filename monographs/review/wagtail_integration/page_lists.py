"""What Wagtail's lists of pages show of each row, read for all rows in the list's own query."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Value,
    When,
)
from django.db.models.functions import Cast, Lower
from django.http import HttpRequest
from wagtail.admin.views.pages import search
from wagtail.admin.views.pages.listing import PageListingMixin
from wagtail.models import Page, Revision, WorkflowState
from wagtail.query import PageQuerySet

from monographs.editions.models import Edition
from monographs.pages.permissions import DELETABLE
from monographs.review.dashboard.stage_names import read_status_strings

_annotate = PageListingMixin.annotate_queryset
_context = PageListingMixin.get_context_data
_search = PageListingMixin.search_queryset
_filter_search = search.page_filter_search


def annotate_queryset(view: PageListingMixin, pages: Any) -> Any:
    """Return Wagtail's query of a list, with whether each row may be deleted.

    The menu of each row offers to delete it, and would ask six queries whether that is allowed.
    """
    return annotate_deletable(_annotate(view, pages))


def get_context_data(view: PageListingMixin, **kwargs: Any) -> dict[str, Any]:
    """Return Wagtail's context of a list, with the stage of each row read for all at once."""
    context: dict[str, Any] = _context(view, **kwargs)
    read_status_strings(context["object_list"])
    return context


def annotate_deletable(pages: Any) -> Any:
    """Annotate ``pages`` with whether nothing at or below one is public, had an edition or is in review.

    The permission tester decides the same for one page: ``reason_to_keep``, live pages and ``is_frozen``.
    """
    itself = Page.objects.filter(pk=OuterRef("pk"))
    # Only a page that has others below it makes the database look for them
    below = Page.objects.filter(path__startswith=OuterRef("path"), depth__gt=OuterRef("depth"))
    deletable = ~Exists(_kept(itself)) & (Q(numchild=0) | ~Exists(_kept(below)))
    return pages.annotate(**{DELETABLE: ExpressionWrapper(deletable, output_field=BooleanField())})


def _kept(pages: Any) -> Any:
    """Return those of ``pages`` that must remain."""
    pages_type = ContentType.objects.get_for_model(Page)
    same_page = {"base_content_type": pages_type, "object_id": OuterRef("pk_as_text")}
    edition = Edition.objects.filter(key=OuterRef("translation_key"))
    in_review = WorkflowState.objects.active().filter(**same_page)
    scheduled = Revision.objects.filter(**same_page, approved_go_live_at__isnull=False)
    reasons = Q(live=True) | Q(Exists(edition), alias_of=None) | Q(Exists(in_review)) | Q(Exists(scheduled))
    return pages.annotate(pk_as_text=Cast("pk", CharField())).filter(reasons)


def search_queryset(view: PageListingMixin, pages: Any) -> Any:
    """Return the pages of a list that a search finds, those whose name begins with the words first."""
    if not view.is_searching or view.is_explicitly_ordered:
        return _search(view, pages)
    found = with_prefix_first(pages, view.search_query)
    return found.autocomplete(view.search_query, order_by_relevance=False)


def page_filter_search(query: str, pages: Any, all_pages: Any = None, ordering: str | None = None) -> Any:
    """Return what Wagtail's search of all pages finds, in the same order as ``search_queryset``."""
    if query and not ordering:
        # Any ordering keeps Wagtail from replacing that of the query by its own
        return _filter_search(query, with_prefix_first(pages, query), all_pages, "names that begin with it")
    return _filter_search(query, pages, all_pages, ordering)


def with_prefix_first(pages: Any, words: str) -> Any:
    """Order ``pages``: the name itself, names that begin with ``words``, then others, each by name.

    Wagtail's relevance knows how often words occur in a name, and not where.
    """
    words = words.strip()
    place = Case(
        When(draft_title__iexact=words, then=Value(0)),
        When(draft_title__istartswith=words, then=Value(1)),
        default=Value(2),
    )
    return pages.order_by(place.asc(), Lower("draft_title").asc(), F("pk").asc())


class PrefixFirstPages(PageQuerySet):
    """Pages whose search lists names that begin with its words first."""

    def autocomplete(self, query: str, *args: Any, **kwargs: Any) -> Any:
        """Return the pages that the search of a chooser finds."""
        found = with_prefix_first(self, query)
        return super(PrefixFirstPages, found).autocomplete(query, *args, order_by_relevance=False, **kwargs)


def chooser_pages(pages: Any, request: HttpRequest) -> Any:
    """Return the pages of a chooser, which Wagtail searches after its hook has returned them."""
    return PrefixFirstPages(model=pages.model, query=pages.query.chain(), using=pages.db)


def replace_list_annotations() -> None:
    """Patch Wagtail's lists, which have no hook for it that searches call too; called once at start."""
    PageListingMixin.search_queryset = search_queryset
    search.page_filter_search = page_filter_search
    PageListingMixin.annotate_queryset = annotate_queryset
    PageListingMixin.get_context_data = get_context_data

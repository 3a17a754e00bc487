"""Pages for patients. Each is one look-up and one template over plain data."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponseBase, HttpResponsePermanentRedirect
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from monographs.document.models import BaseDocument, CollectionType, HomeDocument, IndexDocument
from monographs.document.render_context import RenderContext
from monographs.public import error_pages
from monographs.public.condition_view import condition_view_of
from monographs.public.list_context import ListContext
from monographs.public.queries import (
    ALWAYS_THERE,
    HOME,
    PageResult,
    PathOutcome,
    fetch_history,
    fetch_medicine,
    fetch_page,
)
from monographs.public.responses import answer, frame, public, with_suggestions
from monographs.public.search.listings import ListSelection, fetch_listed, list_context_of

#: Headings of pages nobody has signed yet.
_UNSIGNED_TITLES = {
    HOME: _("Find a medicine"),
    CollectionType.MEDICINES.path: _("Medicines A to Z"),
    CollectionType.CLASSES.path: _("Drug classes"),
    CollectionType.CONDITIONS.path: _("Conditions"),
}
_NO_KEY = "00000000-0000-0000-0000-000000000000"


@public
def page(request: HttpRequest, slug: str = "") -> HttpResponseBase:
    """The current edition at the request's own path, and whatever list belongs to it."""
    choice = ListSelection.of(request.GET)
    found, shelf = fetch_listed(request.path_info, choice)
    if found.outcome is not PathOutcome.CURRENT and found.path not in ALWAYS_THERE:
        return elsewhere(found)
    document = found.signed_document if found.outcome is PathOutcome.CURRENT else _unsigned(found.path)
    response = answer(
        request,
        found,
        RenderContext(document).template,
        lambda: _context(found, document, listing=list_context_of(shelf, found)),
        variant=shelf.fingerprint,
        index=choice == ListSelection(),
    )
    return with_suggestions(response) if found.path == HOME else response


@public
def medicine(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The current edition of a medicine, and which medicines are used with it."""
    found = fetch_medicine(request.path_info)
    if found.outcome is not PathOutcome.CURRENT:
        return elsewhere(found)
    document = found.signed_document
    focus = condition_view_of(document, found.links, request.GET.get("for", ""))

    def context() -> Mapping[str, Any]:
        listing = ListContext(about=found.about, used_with=found.entries)
        return {**_context(found, document, listing=listing), "focus": focus}

    return answer(request, found, RenderContext(document).template, context, variant=focus.slug)


@public
def edition(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    """One edition, old or current, kept out of search engines."""
    found = fetch_page(CollectionType.MEDICINES.page(slug), number)
    if found.outcome is not PathOutcome.CURRENT:
        return elsewhere(found, f"editions/{number}/")
    document = found.signed_document

    def context() -> Mapping[str, Any]:
        return {**_context(found, document), "noindex": True}

    return answer(request, found, RenderContext(document).template, context, index=False)


@public
def history(request: HttpRequest, slug: str) -> HttpResponseBase:
    """All editions of a medicine, newest first."""
    found = fetch_history(CollectionType.MEDICINES.page(slug))
    if found.outcome is not PathOutcome.CURRENT:
        return elsewhere(found, "editions/")

    def context() -> Mapping[str, Any]:
        return {**frame(found), "title": found.title, "path": found.path, "editions": found.history}

    return answer(request, found, "public/history.html", context)


def elsewhere(found: PageResult, suffix: str = "") -> HttpResponseBase:
    """The answer for a path that shows no edition."""
    match found.outcome:
        case PathOutcome.MOVED:
            return HttpResponsePermanentRedirect(found.target + suffix)
        case PathOutcome.WITHDRAWN:
            return error_pages.gone(found)
    return error_pages.missing(found)


def _unsigned(path: str) -> BaseDocument:
    """A page without a word of its own, for its template's lists."""
    blank: dict[str, Any] = {
        "key": _NO_KEY,
        "language": get_language() or "en",
        "title": str(_UNSIGNED_TITLES[path]),
        "review_interval_months": 12,
    }
    if path == HOME:
        return HomeDocument(**blank, slug="home", organisation="")
    collection = CollectionType(path.strip("/"))
    return IndexDocument(**blank, slug=collection.value, collection=collection)


def _context(
    found: PageResult, document: BaseDocument, listing: ListContext | None = None
) -> Mapping[str, Any]:
    return RenderContext(
        document,
        links=found.links,
        site=found.site,
        edition=found.edition,
        listing=listing or ListContext(about=found.about),
    ).as_template_context()

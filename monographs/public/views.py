"""Views of public pages. Each runs one query and renders one template."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponseBase, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from monographs.document.models import BaseDocument, CollectionType, HomeDocument, IndexDocument
from monographs.document.render_context import RenderContext
from monographs.public import error_pages
from monographs.public.brand_paths import address_of_brand
from monographs.public.condition_view import ConditionView, condition_view_of
from monographs.public.list_context import ListContext
from monographs.public.queries import (
    BUILT_IN_PATHS,
    HOME,
    PageResult,
    PathOutcome,
    fetch_history,
    fetch_medicine,
    fetch_page,
    fetch_withdrawn_edition,
)
from monographs.public.responses import allow_own_scripts, frame_context, page_response
from monographs.public.search.listings import ListSelection, fetch_listed, list_context_of
from monographs.public.view_decorators import public_view

#: Titles of built-in pages before an edition is published.
_DEFAULT_TITLES = {
    HOME: _("Find a medicine"),
    CollectionType.MEDICINES.path: _("Medicines A to Z"),
    CollectionType.CLASSES.path: _("Drug classes"),
    CollectionType.CONDITIONS.path: _("Conditions"),
}
_NO_KEY = "00000000-0000-0000-0000-000000000000"


@public_view
def page(request: HttpRequest, slug: str = "") -> HttpResponseBase:
    """Show the current edition at the request's path, with the list that belongs to the page."""
    selection = ListSelection.of(request.GET)
    found, listed = fetch_listed(request.path_info, selection)
    if found.outcome is not PathOutcome.CURRENT and found.path not in BUILT_IN_PATHS:
        return response_without_edition(found)
    document = (
        found.signed_document if found.outcome is PathOutcome.CURRENT else _default_document(found.path)
    )
    response = page_response(
        request,
        found,
        RenderContext(document).template,
        lambda: _context(found, document, listing=list_context_of(listed, found)),
        variant=listed.fingerprint,
        index=selection == ListSelection(),
    )
    return allow_own_scripts(response) if found.path == HOME else response


@public_view
def medicine(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Show the current edition of a medicine, with the medicines used with it."""
    found = fetch_medicine(request.path_info)
    if found.outcome is not PathOutcome.CURRENT:
        return response_without_edition(found)
    document = found.signed_document
    requested = request.GET.get("for", "")

    def condition_view() -> ConditionView:
        return condition_view_of(document, found.links, requested)

    def context() -> Mapping[str, Any]:
        listing = ListContext(about=found.about, used_with=found.entries)
        return {**_context(found, document, listing=listing), "condition_view": condition_view()}

    variant = condition_view().slug if requested else ""
    response = page_response(request, found, RenderContext(document).template, context, variant=variant)
    return allow_own_scripts(response)


@public_view
def edition(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    """Show one edition, superseded or current, excluded from search engines."""
    found = fetch_page(CollectionType.MEDICINES.page(slug), number)
    if found.outcome is not PathOutcome.CURRENT:
        return response_without_edition(found, f"editions/{number}/", number)
    document = found.signed_document

    def context() -> Mapping[str, Any]:
        return {**_context(found, document), "noindex": True}

    return page_response(request, found, RenderContext(document).template, context, index=False)


@public_view
def edition_list(request: HttpRequest, slug: str) -> HttpResponseBase:
    """List all editions of a medicine, newest first."""
    found = fetch_history(CollectionType.MEDICINES.page(slug))
    if found.outcome is not PathOutcome.CURRENT:
        return response_without_edition(found, "editions/")

    def context() -> Mapping[str, Any]:
        return {**frame_context(found), "title": found.title, "path": found.path, "editions": found.history}

    return page_response(request, found, "public/edition_list.html", context)


def response_without_edition(
    found: PageResult, suffix: str = "", number: int | None = None
) -> HttpResponseBase:
    """Return the response for a path without an edition ``number`` to show: 301, 302, 410 or 404."""
    match found.outcome:
        case PathOutcome.MOVED:
            return HttpResponsePermanentRedirect(found.target + suffix)
        case PathOutcome.WITHDRAWN:
            return error_pages.withdrawn_page(found)
    if number is not None and (withdrawn := fetch_withdrawn_edition(found.path, number)):
        return error_pages.withdrawn_edition_page(found, number, *withdrawn)
    if named := address_of_brand(found.path, suffix):
        return HttpResponseRedirect(named)
    return error_pages.not_found_page(found)


def _default_document(path: str) -> BaseDocument:
    """Return an empty document for a built-in page that has no published edition."""
    fields: dict[str, Any] = {
        "key": _NO_KEY,
        "language": get_language() or "en",
        "title": str(_DEFAULT_TITLES[path]),
        "review_interval_months": 12,
    }
    if path == HOME:
        return HomeDocument(**fields, slug="home", organisation="")
    collection = CollectionType(path.strip("/"))
    return IndexDocument(**fields, slug=collection.value, collection=collection)


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

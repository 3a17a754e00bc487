"""Pages for patients. Each is one look-up and one template over plain data."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponseBase, HttpResponsePermanentRedirect
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from monographs.document.models import BaseDocument, Collection, HomeDocument, IndexDocument
from monographs.document.reading import ReadingContext
from monographs.reading import errors
from monographs.reading.finding.shelves import Choice, listing_of, read_listed
from monographs.reading.focus import focus_of
from monographs.reading.listing import Listing
from monographs.reading.lookup import (
    ALWAYS_THERE,
    HOME,
    Found,
    Outcome,
    ask,
    read_history,
    read_medicine,
)
from monographs.reading.responses import answer, frame, public, with_suggestions

#: Headings of pages nobody has signed yet.
_UNSIGNED_TITLES = {
    HOME: _("Find a medicine"),
    Collection.MEDICINES.path: _("Medicines A to Z"),
    Collection.CLASSES.path: _("Drug classes"),
    Collection.CONDITIONS.path: _("Conditions"),
}
_NO_KEY = "00000000-0000-0000-0000-000000000000"


@public
def page(request: HttpRequest, slug: str = "") -> HttpResponseBase:
    """The current edition at the request's own path, and whatever list belongs to it."""
    choice = Choice.of(request.GET)
    found, shelf = read_listed(request.path_info, choice)
    if found.outcome is not Outcome.CURRENT and found.path not in ALWAYS_THERE:
        return elsewhere(found)
    document = found.signed_document if found.outcome is Outcome.CURRENT else _unsigned(found.path)
    response = answer(
        request,
        found,
        ReadingContext(document).template,
        lambda: _context(found, document, listing=listing_of(shelf, found)),
        variant=shelf.fingerprint,
        index=choice == Choice(),
    )
    return with_suggestions(response) if found.path == HOME else response


@public
def medicine(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The current edition of a medicine, and which medicines are used with it."""
    found = read_medicine(request.path_info)
    if found.outcome is not Outcome.CURRENT:
        return elsewhere(found)
    document = found.signed_document
    focus = focus_of(document, found.links, request.GET.get("for", ""))

    def context() -> Mapping[str, Any]:
        listing = Listing(about=found.about, used_with=found.entries)
        return {**_context(found, document, listing=listing), "focus": focus}

    return answer(request, found, ReadingContext(document).template, context, variant=focus.slug)


@public
def edition(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    """One edition, old or current, kept out of search engines."""
    found = ask(Collection.MEDICINES.page(slug), number)
    if found.outcome is not Outcome.CURRENT:
        return elsewhere(found, f"editions/{number}/")
    document = found.signed_document

    def context() -> Mapping[str, Any]:
        return {**_context(found, document), "noindex": True}

    return answer(request, found, ReadingContext(document).template, context, index=False)


@public
def history(request: HttpRequest, slug: str) -> HttpResponseBase:
    """All editions of a medicine, newest first."""
    found = read_history(Collection.MEDICINES.page(slug))
    if found.outcome is not Outcome.CURRENT:
        return elsewhere(found, "editions/")

    def context() -> Mapping[str, Any]:
        return {**frame(found), "title": found.title, "path": found.path, "editions": found.history}

    return answer(request, found, "reading/history.html", context)


def elsewhere(found: Found, suffix: str = "") -> HttpResponseBase:
    """The answer for a path that shows no edition."""
    match found.outcome:
        case Outcome.MOVED:
            return HttpResponsePermanentRedirect(found.target + suffix)
        case Outcome.WITHDRAWN:
            return errors.gone(found)
    return errors.missing(found)


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
    collection = Collection(path.strip("/"))
    return IndexDocument(**blank, slug=collection.value, collection=collection)


def _context(found: Found, document: BaseDocument, listing: Listing | None = None) -> Mapping[str, Any]:
    return ReadingContext(
        document,
        links=found.links,
        site=found.site,
        edition=found.edition,
        listing=listing or Listing(about=found.about),
    ).as_template_context()

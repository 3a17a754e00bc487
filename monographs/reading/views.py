"""Pages for patients. Each is one look-up and one template over plain data."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponseBase, HttpResponsePermanentRedirect

from monographs.document.models import BaseDocument, Collection, HomeDocument, IndexDocument
from monographs.document.reading import UNNAMED_SITE, ReadingContext
from monographs.reading import errors
from monographs.reading.listing import Entry, Listing, a_to_z, letter_row, matching
from monographs.reading.lookup import (
    ALWAYS_THERE,
    HOME,
    Found,
    Outcome,
    read,
    read_history,
    read_names,
)
from monographs.reading.responses import answer, frame, public

#: Longer than any name of a medicine; what is typed beyond it is not looked for.
MAX_QUERY = 100

#: Headings of pages nobody has signed yet.
_UNSIGNED_TITLES = {
    HOME: "Find a medicine",
    f"/{Collection.MEDICINES}/": "Medicines A to Z",
    f"/{Collection.CLASSES}/": "Drug classes",
    f"/{Collection.CONDITIONS}/": "Conditions",
}
_NO_KEY = "00000000-0000-0000-0000-000000000000"


@public
def page(request: HttpRequest, slug: str = "") -> HttpResponseBase:
    """The current edition at the request's own path, and whatever list belongs to it."""
    found = read(request.path_info)
    if found.outcome is not Outcome.CURRENT and found.path not in ALWAYS_THERE:
        return elsewhere(found)
    letter = request.GET.get("letter", "") if found.path == f"/{Collection.MEDICINES}/" else ""
    document = found.signed_document if found.outcome is Outcome.CURRENT else _unsigned(found.path)
    reading = ReadingContext(document)
    return answer(
        request,
        found,
        reading.template,
        lambda: _context(found, document, listing=_listing(found, letter)),
        variant=letter,
        index=not letter,
    )


@public
def edition(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    """One edition, old or current, kept out of search engines."""
    found = read(f"/{Collection.MEDICINES}/{slug}/", number)
    if found.outcome is not Outcome.CURRENT:
        return elsewhere(found, f"editions/{number}/")
    document = found.signed_document

    def context() -> Mapping[str, Any]:
        return {**_context(found, document), "noindex": True}

    return answer(request, found, ReadingContext(document).template, context, index=False)


@public
def history(request: HttpRequest, slug: str) -> HttpResponseBase:
    """All editions of a medicine, newest first."""
    found = read_history(f"/{Collection.MEDICINES}/{slug}/")
    if found.outcome is not Outcome.CURRENT:
        return elsewhere(found, "editions/")

    def context() -> Mapping[str, Any]:
        return {**frame(found), "title": found.title, "path": found.path, "editions": found.history}

    return answer(request, found, "reading/history.html", context)


@public
def search(request: HttpRequest) -> HttpResponseBase:
    """Medicines, classes and conditions whose names begin with or contain what was typed."""
    query = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:MAX_QUERY]
    found = read_names()

    def context() -> Mapping[str, Any]:
        entries = found.entries
        medicines = [e for e in entries if e.kind == "monograph"]
        return {
            **frame(found),
            "query": query,
            "results": matching(entries, query),
            "letters": letter_row(name for e in medicines for name in e.names),
        }

    return answer(request, found, "reading/search.html", context, variant=query, index=False)


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
    blank: dict[str, Any] = {"key": _NO_KEY, "title": _UNSIGNED_TITLES[path], "review_interval_months": 12}
    if path == HOME:
        return HomeDocument(**blank, slug="home", organisation=UNNAMED_SITE)
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


def _listing(found: Found, letter: str) -> Listing:
    """The list that belongs to a path, as ``lookup.read`` fetched it."""
    entries = found.entries
    if found.path == f"/{Collection.MEDICINES}/":
        return Listing(about=found.about, a_to_z=a_to_z(entries, letter))
    by_kind = _of_kind(entries)
    return Listing(
        about=found.about,
        medicines=by_kind("monograph"),
        classes=by_kind("drug_class"),
        conditions=by_kind("condition"),
        letters=letter_row(found.beginnings) if found.path == HOME else (),
    )


def _of_kind(entries: tuple[Entry, ...]) -> Callable[[str], tuple[Entry, ...]]:
    return lambda kind: tuple(entry for entry in entries if entry.kind == kind)

"""The page that compares two editions of a medicine word for word."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect

from monographs.document.models import CollectionType
from monographs.public.list_context import ComparedEdition
from monographs.public.queries import (
    PageResult,
    PathOutcome,
    fetch_compared,
    fetch_withdrawn_edition,
    parse_cached,
)
from monographs.public.responses import frame_context, page_response, render
from monographs.public.shared_cache.surrogate_keys import add_lists
from monographs.public.view_decorators import public_view
from monographs.public.views import response_without_edition
from monographs.redline import Redline, SectionRedline, Status, redline

#: Redlines cached per process. Keys are the immutable texts themselves, so entries never become stale.
_CACHE_SIZE = 64


@public_view
def changes(request: HttpRequest, slug: str, before: int, after: int) -> HttpResponseBase:
    """Show the redline of two public editions, always from the older to the newer one."""
    path, numbers = CollectionType.MEDICINES.page(slug), sorted((before, after))
    suffix = "changes/{}/{}/".format(*numbers)
    if before > after:
        return HttpResponsePermanentRedirect(path + suffix)
    found = fetch_compared(path, before, after)
    if found.outcome is not PathOutcome.CURRENT:
        return response_without_edition(found, suffix)
    editions = {row["number"]: ComparedEdition.from_row(row) for row in found.rows}
    if before == after or len(editions) < len(numbers):
        return _nothing_to_compare(found, before, after, editions)
    old, new = editions[before], editions[after]
    response = page_response(
        request, found, "public/changes.html", lambda: _context(found, old, new), index=False
    )
    add_lists(response)  # the older editions link to pages of their own
    return response


def _context(found: PageResult, old: ComparedEdition, new: ComparedEdition) -> Mapping[str, Any]:
    links = {**old.links, **new.links}
    between = range(old.number + 1, new.number)
    return {
        **frame_context(found),
        "noindex": True,
        "title": found.title,
        "path": found.path,
        "latest": found.edition.number if found.edition else new.number,
        "old": old,
        "new": new,
        "withdrawn": [number for number in between if fetch_withdrawn_edition(found.path, number)],
        "note": parse_cached(new.canonical).change_note,
        "redline": _redline(old.canonical, new.canonical),
        "links": links,
        # Without the flags that tell reviewers where to look
        "for_patients": True,
        "figures": {
            figure.file_name: f"/figures/{figure.file_name}"
            for text in (old, new)
            for figure in parse_cached(text.canonical).figures()
        },
    }


@lru_cache(maxsize=_CACHE_SIZE)
def _redline(old: str, new: str) -> Redline:
    """Return the redline of two canonical texts, without the change note: it differs in every edition.

    The heading of a section is a line only if its words changed: the section has it as a heading.
    """
    texts = (parse_cached(text).model_copy(update={"change_note": ""}) for text in (old, new))
    found = redline(*texts)
    return replace(found, sections=tuple(map(_without_own_heading, found.sections)))


def _without_own_heading(section: SectionRedline) -> SectionRedline:
    told = section.status is Status.CHANGED
    lines = (line for line in section.lines if line.kind != "section" or (told and line.changed))
    return replace(section, lines=tuple(lines))


def _nothing_to_compare(
    found: PageResult, before: int, after: int, editions: Mapping[int, ComparedEdition]
) -> HttpResponse:
    """Return a page that names the editions that are missing or withdrawn, or says that both are the same.

    Its status is 410 if one was withdrawn, else 404.
    """
    absent = [number for number in dict.fromkeys((before, after)) if number not in editions]
    withdrawn = [number for number in absent if fetch_withdrawn_edition(found.path, number)]
    context = {
        **frame_context(found),
        "noindex": True,
        "title": found.title,
        "path": found.path,
        "missing": [number for number in absent if number not in withdrawn],
        "withdrawn": withdrawn,
        "number": after,
    }
    return render("public/nothing_to_compare.html", context, status=410 if withdrawn else 404)

"""What changed between two editions of a medicine, word for word, for whoever read the older one."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect

from monographs.document.models import CollectionType
from monographs.public.list_context import ComparedEdition
from monographs.public.queries import PageResult, PathOutcome, fetch_compared, parsed
from monographs.public.responses import answer, frame, public, render
from monographs.public.views import elsewhere
from monographs.redline import Redline, redline

#: Redlines kept by a process. Editions are immutable and found by their own text, so never stale.
_KEPT = 64


@public
def changes(request: HttpRequest, slug: str, before: int, after: int) -> HttpResponseBase:
    """The redline of two editions that were public. It is always told from the older to the newer one."""
    path, ends = CollectionType.MEDICINES.page(slug), sorted((before, after))
    suffix = "changes/{}/{}/".format(*ends)
    if before > after:
        return HttpResponsePermanentRedirect(path + suffix)
    found = fetch_compared(path, before, after)
    if found.outcome is not PathOutcome.CURRENT:
        return elsewhere(found, suffix)
    editions = {row["number"]: ComparedEdition.from_row(row) for row in found.rows}
    if before == after or len(editions) < len(ends):
        return _nothing(found, before, after, editions)
    old, new = editions[before], editions[after]
    return answer(request, found, "public/changes.html", lambda: _context(found, old, new), index=False)


def _context(found: PageResult, old: ComparedEdition, new: ComparedEdition) -> Mapping[str, Any]:
    said = parsed(new.canonical)
    links = {**old.links, **new.links}
    return {
        **frame(found),
        "noindex": True,
        "title": found.title,
        "path": found.path,
        "latest": found.edition.number if found.edition else new.number,
        "old": old,
        "new": new,
        "note": said.change_note,
        "redline": _redline(old.canonical, new.canonical),
        "links": links,
        "figures": {
            figure.file_name: f"/figures/{figure.file_name}"
            for text in (old, new)
            for figure in parsed(text.canonical).figures()
        },
    }


@lru_cache(maxsize=_KEPT)
def _redline(old: str, new: str) -> Redline:
    """The redline of two canonical texts. The note on the change is told apart, as it is new each time."""
    texts = (parsed(text).model_copy(update={"change_note": ""}) for text in (old, new))
    return redline(*texts)


def _nothing(
    found: PageResult, before: int, after: int, editions: Mapping[int, ComparedEdition]
) -> HttpResponse:
    """404 that says which of the two editions there is not, or that one edition is only itself."""
    context = {
        **frame(found),
        "noindex": True,
        "title": found.title,
        "path": found.path,
        "missing": [number for number in dict.fromkeys((before, after)) if number not in editions],
        "number": after,
    }
    return render("public/changes_none.html", context, status=404)

"""The page of results, and suggestions for the field in which a name is typed."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from monographs.public.conditional import conditional
from monographs.public.json_encoding import encode
from monographs.public.list_context import letter_row
from monographs.public.responses import answer, frame, public, with_suggestions
from monographs.public.search.service import SearchAnswer
from monographs.public.search.service import answer as find
from monographs.public.search.suggestions import suggest


@public
def search_page(request: HttpRequest) -> HttpResponseBase:
    """Pages whose names or texts fit ``q``; ``exact`` looks for what was typed and nothing like it."""
    exact = bool(request.GET.get("exact"))
    found, around = find(request.GET.get("q", ""), exact=exact)

    def context() -> Mapping[str, Any]:
        return {
            **frame(around),
            "query": found.query,
            "found": found,
            "exact": exact,
            "letters": letter_row(found.letters),
        }

    variant = _variant(found, exact)
    response = answer(request, around, "public/search.html", context, variant=variant, index=False)
    return with_suggestions(response)


def _variant(found: SearchAnswer, exact: bool) -> str:
    """Differs when anything that is shown does, whatever brought it about."""
    return repr((found.as_record(), found.cut, found.nearest, sorted(found.letters), exact))


@public
def suggestions(request: HttpRequest) -> HttpResponseBase:
    """Names that begin with ``q`` as JSON, for the page's script."""
    names = [suggestion.as_record() for suggestion in suggest(request.GET.get("q", ""))]
    response = conditional(request, encode({"suggestions": names}).encode(), "application/json")
    response.headers["X-Robots-Tag"] = "noindex"
    return response

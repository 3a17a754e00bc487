"""Views of the search page and of the suggestions for its search field."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from monographs.core.help_lines import emergency_line
from monographs.public.conditional import conditional_response
from monographs.public.json_encoding import encode
from monographs.public.list_context import alphabet_row
from monographs.public.responses import allow_own_scripts, frame_context, page_response
from monographs.public.search.service import SearchAnswer, find_pages
from monographs.public.search.suggestions import suggest
from monographs.public.view_decorators import public_view


@public_view
def search(request: HttpRequest) -> HttpResponseBase:
    """Show pages whose names or texts match ``q``; with ``exact``, without similar names."""
    exact = bool(request.GET.get("exact"))
    answer, page = find_pages(request.GET.get("q", ""), exact=exact)

    def context() -> Mapping[str, Any]:
        return {
            **frame_context(page),
            "query": answer.query,
            "found": answer,
            "exact": exact,
            "emergency_number": emergency_line().number,
            "emergency_address": emergency_line().address,
            "letters": alphabet_row(answer.letters),
        }

    variant = _variant(answer, exact)
    response = page_response(request, page, "public/search.html", context, variant=variant, index=False)
    return allow_own_scripts(response)


def _variant(answer: SearchAnswer, exact: bool) -> str:
    """Return a string that differs whenever anything shown differs, for the entity tag."""
    return repr((answer, emergency_line(), sorted(answer.letters), exact))


@public_view
def suggestions(request: HttpRequest) -> HttpResponseBase:
    """Return names that begin with ``q`` as JSON, for the script of the search field."""
    names = [suggestion.as_record() for suggestion in suggest(request.GET.get("q", ""))]
    response = conditional_response(request, encode({"suggestions": names}).encode(), "application/json")
    response.headers["X-Robots-Tag"] = "noindex"
    return response

"""What all API views share: allowed methods, CORS preflight, caching and conditional requests.

The API is public: no authentication, no cookies, readable from any origin.
"""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from pydantic import BaseModel

from monographs.public import problem_details
from monographs.public.conditional import conditional_response
from monographs.public.outage import with_outages
from monographs.public.shared_cache.lifetime import CACHE_CONTROL
from monographs.public.shared_cache.surrogate_keys import DEFAULT, HEADER
from monographs.public.view_decorators import compressed_view

ALLOWED_METHODS = "GET, HEAD, OPTIONS"
#: Seconds for which a browser may reuse the answer to a preflight request: a day.
PREFLIGHT_MAX_AGE = 24 * 60 * 60
PREFLIGHT_HEADERS = {
    "Allow": ALLOWED_METHODS,
    "Access-Control-Allow-Methods": ALLOWED_METHODS,
    "Access-Control-Allow-Headers": "Accept, If-None-Match, If-Match",
    "Access-Control-Max-Age": str(PREFLIGHT_MAX_AGE),
}

View = Callable[..., HttpResponseBase]


def api_view(view: View) -> View:
    """Wrap a view so that it accepts safe methods only, compresses, and sends CORS and public headers.

    The system checks look at the module a view was defined in (`monographs.checks`). For API views that is
    this module, not django-ninja.
    """
    read = with_outages(view)

    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return problem_details.with_cors_headers(_dispatch(partial(read, *args, **kwargs), request))

    return csrf_exempt(compressed_view(wrapped))


def _dispatch(view: Callable[[HttpRequest], HttpResponseBase], request: HttpRequest) -> HttpResponseBase:
    match request.method:
        case "GET":
            return view(request)
        case "HEAD":
            # The server leaves out the body; django-ninja's views accept GET only
            request.method = "GET"
            try:
                return view(request)
            finally:
                request.method = "HEAD"
        case "OPTIONS":
            return HttpResponse(status=HTTPStatus.NO_CONTENT, headers=PREFLIGHT_HEADERS)
    response = problem_details.problem_response(
        HTTPStatus.METHOD_NOT_ALLOWED, "This address can only be read."
    )
    response["Allow"] = ALLOWED_METHODS
    return response


def json_response(
    request: HttpRequest, body: str, *, sha256: str = "", edition: str = "", cache: str = CACHE_CONTROL
) -> HttpResponseBase:
    """Return ``body`` as a JSON response, or 304 or 412 if the request's conditions say so.

    ``sha256`` and ``edition`` (slug and number) go into the headers of a response about one edition.
    """
    response = conditional_response(request, body.encode(), "application/json", sha256=sha256)
    if response.status_code == HTTPStatus.PRECONDITION_FAILED:
        return problem_details.problem_response(
            HTTPStatus.PRECONDITION_FAILED, "This is not the text that If-Match names."
        )
    response["Cache-Control"] = cache
    response[HEADER] = DEFAULT
    if edition:
        response["X-Edition"] = edition
    return response


def parameter_errors(request: HttpRequest, model: type[BaseModel] | None = None) -> HttpResponse | None:
    """Return a 422 response if a query parameter is not a field of ``model`` or is repeated, else None."""
    names = {f.alias or name for name, f in model.model_fields.items()} if model else set()
    expected = f"There is {', '.join(sorted(names))}." if names else "This address takes none."
    errors = [
        {"parameter": "query", "detail": f"There is a parameter that is not known here. {expected}"}
        for name in request.GET
        if name not in names
    ][:1]
    errors += [
        {"parameter": name, "detail": "This is given more than once."}
        for name in sorted(names)
        if len(request.GET.getlist(name)) > 1
    ]
    return problem_details.invalid_parameters(errors) if errors else None

"""What every answer for programs has in common: who may ask (everybody), how, and the headers.

Programs on other sites may read all of it: it is public, knows no sign-in and sets no cookie.
"""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page

from monographs.reading.api import problems
from monographs.reading.bodies import conditional
from monographs.reading.responses import CACHE_CONTROL, with_public_headers

READING = "GET, HEAD, OPTIONS"
#: Seconds for which a browser need not ask again whether another site's program may read: a day.
ASK_AGAIN = 24 * 60 * 60
CROSS_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, X-Edition, Location",
    "Cross-Origin-Resource-Policy": "cross-origin",
    # Answers for programs are no pages for search engines
    "X-Robots-Tag": "noindex",
}
PREFLIGHT = {
    "Allow": READING,
    "Access-Control-Allow-Methods": READING,
    "Access-Control-Allow-Headers": "Accept, If-None-Match, If-Match",
    "Access-Control-Max-Age": str(ASK_AGAIN),
}

View = Callable[..., HttpResponseBase]


def for_programs(view: View) -> View:
    """An address that only reads, for anybody, with errors that programs can read."""
    return csrf_exempt(gzip_page(partial_view(view)))


def partial_view(view: View) -> View:
    """``view`` behind the door. Its own name is left behind, so that checks see whose answer it is."""

    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = _answer(partial(view, *args, **kwargs), request)
        for name, value in CROSS_ORIGIN.items():
            response.headers.setdefault(name, value)
        return with_public_headers(response)

    return answered


def _answer(view: Callable[[HttpRequest], HttpResponseBase], request: HttpRequest) -> HttpResponseBase:
    match request.method:
        case "GET":
            return view(request)
        case "HEAD":
            # The server leaves out the body; what is answered is the same
            request.method = "GET"
            return view(request)
        case "OPTIONS":
            return HttpResponse(status=HTTPStatus.NO_CONTENT, headers=PREFLIGHT)
    response = problems.problem(HTTPStatus.METHOD_NOT_ALLOWED, "This address can only be read.")
    response["Allow"] = READING
    return response


def answer(
    request: HttpRequest, body: str, *, sha256: str = "", edition: str = "", cache: str = CACHE_CONTROL
) -> HttpResponseBase:
    """``body`` as JSON, or 304 for whoever has it. ``sha256`` and ``edition`` name the edition it is of."""
    response = conditional(request, body.encode(), "application/json", sha256=sha256)
    if response.status_code == HTTPStatus.PRECONDITION_FAILED:
        return problems.problem(HTTPStatus.PRECONDITION_FAILED, "This is not the text that If-Match names.")
    response["Cache-Control"] = cache
    if edition:
        response["X-Edition"] = edition
    return response

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

from monographs.public.api import problems
from monographs.public.conditional import conditional
from monographs.public.responses import CACHE_CONTROL

READING = "GET, HEAD, OPTIONS"
#: Seconds for which a browser need not ask again whether another site's program may read: a day.
ASK_AGAIN = 24 * 60 * 60
PREFLIGHT = {
    "Allow": READING,
    "Access-Control-Allow-Methods": READING,
    "Access-Control-Allow-Headers": "Accept, If-None-Match, If-Match",
    "Access-Control-Max-Age": str(ASK_AGAIN),
}

View = Callable[..., HttpResponseBase]


def for_programs(view: View) -> View:
    """An address that only reads, for anybody, with errors that programs can read.

    Checks ask whose view answers (`monographs.checks`): this one, whatever library is behind it.
    """

    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return problems.open_to_all(_answer(partial(view, *args, **kwargs), request))

    return csrf_exempt(gzip_page(answered))


def _answer(view: Callable[[HttpRequest], HttpResponseBase], request: HttpRequest) -> HttpResponseBase:
    match request.method:
        case "GET":
            return view(request)
        case "HEAD":
            # The server leaves out the body; ninja's views know GET only
            request.method = "GET"
            try:
                return view(request)
            finally:
                request.method = "HEAD"
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


def unknown(request: HttpRequest, model: Any = None) -> HttpResponse | None:
    """422 for parameters that there are none of, or that are there twice."""
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
    return problems.refused(errors) if errors else None

"""Error pages of the public site, and Django's error handlers.

The handlers return a page or, for a path of the API, problem details.
"""

import base64
import hashlib
import logging
import re
import sys
from http import HTTPStatus

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from monographs.document.versions.stored_document import UnknownVersion
from monographs.public.database_state import database
from monographs.public.problem_details import is_api_request, problem_response, with_cors_headers
from monographs.public.queries import PageResult, fetch_page_frame
from monographs.public.responses import frame_context, render, with_public_headers

logger = logging.getLogger(__name__)

#: Seconds after which a page that a newer release wrote may be asked for again.
RETRY_AFTER = 60
#: The same while the database is away; most restarts take less.
RETRY_AFTER_OUTAGE = 10
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def not_found_page(found: PageResult) -> HttpResponse:
    """Return a 404 page, framed with what the query for the page already fetched."""
    return render("404.html", frame_context(found), status=404)


def withdrawn_page(found: PageResult) -> HttpResponse:
    """Return a 410 page with the reason of the withdrawal and what to do."""
    context = {**frame_context(found), "title": found.title, "reason": found.reason, "advice": found.advice}
    return render("410.html", context, status=410)


def withdrawn_edition_page(found: PageResult, number: int, reason: str, advice: str) -> HttpResponse:
    """Return a 410 page for an earlier edition of a public page, with a link to the current one."""
    context = {
        **frame_context(found),
        "title": found.title,
        "reason": reason,
        "advice": advice,
        "number": number,
        "path": found.path,
    }
    return render("410.html", context, status=410)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """Return a 404 page for a path without a view; Django's ``handler404``."""
    try:
        frame = {} if database.is_away else frame_context(fetch_page_frame())
    except DatabaseError:
        frame = {}
    return with_public_headers(render("404.html", frame, status=404))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """Return 400 for a request that Django refuses, such as a wrong host name; Django's ``handler400``."""
    if is_api_request(request):
        detail = "Something about this request is not as it should be: its host, its headers or its size."
        return with_cors_headers(problem_response(HTTPStatus.BAD_REQUEST, detail))
    return with_public_headers(render("400.html", {}, status=HTTPStatus.BAD_REQUEST))


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Return 500 without details of the error, 503 while the database is away; Django's ``handler500``."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return unavailable(request)
    if is_api_request(request):
        detail = "Something went wrong on our side. Please try again in a few minutes."
        return with_cors_headers(problem_response(HTTPStatus.INTERNAL_SERVER_ERROR, detail))
    return server_error_page()


def newer_document(request: HttpRequest, error: UnknownVersion) -> HttpResponseBase:
    """Return 503 for a text that a newer release wrote, while it replaces this process.

    Such a text is never shown in part: what this release does not know may be what matters in it.
    """
    logger.error("%s answered with 503: its text is %s", request.path_info, error)
    detail = "This text is from a newer release of this site. Please try again in a minute."
    return _try_again(request, detail, RETRY_AFTER)


def unavailable(request: HttpRequest) -> HttpResponseBase:
    """Return 503 while the database does not answer. Needs neither the database nor the style sheet."""
    detail = "This site cannot look anything up at the moment. Please try again in a few seconds."
    return _try_again(request, detail, RETRY_AFTER_OUTAGE)


def _try_again(request: HttpRequest, detail: str, seconds: int) -> HttpResponseBase:
    if is_api_request(request):
        response = with_cors_headers(problem_response(HTTPStatus.SERVICE_UNAVAILABLE, detail))
    else:
        response = server_error_page(HTTPStatus.SERVICE_UNAVAILABLE)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response


def server_error_page(status: HTTPStatus = HTTPStatus.INTERNAL_SERVER_ERROR) -> HttpResponse:
    """Return a 500 page that needs neither the database nor the style sheet, since either may have failed.

    Its style is in the page, and the content security policy allows that style by its hash.
    """
    response = render("500.html", {}, status=status)
    style = _STYLE.search(response.content.decode())
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode() if style else ""
    response["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
    )
    response["Cache-Control"] = "no-store"
    with_public_headers(response)
    return response

"""What a reader is told when there is no page, and what they can do instead.

Where no view got to answer, people get a page and programs a problem; by the address, since nothing else is
known of them.
"""

import base64
import hashlib
import re
from http import HTTPStatus

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from monographs.public.api import problems
from monographs.public.queries import PageResult, fetch_page_frame
from monographs.public.responses import frame, render, with_public_headers

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def missing(found: PageResult) -> HttpResponse:
    """404 in the frame that the look-up already brought."""
    return render("404.html", frame(found), status=404)


def gone(found: PageResult) -> HttpResponse:
    """410: what was here was withdrawn, why, and what to do."""
    context = {**frame(found), "title": found.title, "reason": found.reason, "advice": found.advice}
    return render("410.html", context, status=410)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """404 for an address that no view knows; Django's ``handler404``."""
    try:
        response = missing(fetch_page_frame())
    except DatabaseError:
        response = render("404.html", {}, status=404)
    return with_public_headers(response)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """400 for what Django refuses by itself, another host's name for example; its ``handler400``."""
    if problems.wanted(request):
        detail = "Something about this request is not as it should be: its host, its headers or its size."
        return problems.open_to_all(problems.problem(HTTPStatus.BAD_REQUEST, detail))
    return with_public_headers(render("400.html", {}, status=HTTPStatus.BAD_REQUEST))


def broken(request: HttpRequest) -> HttpResponseBase:
    """500, without a word of what went wrong; Django's ``handler500``."""
    if problems.wanted(request):
        detail = "Something went wrong on our side. Please try again in a few minutes."
        return problems.open_to_all(problems.problem(HTTPStatus.INTERNAL_SERVER_ERROR, detail))
    return page_of_a_failure()


def page_of_a_failure() -> HttpResponse:
    """Something failed on our side, for people.

    Asks neither the database nor for a style sheet, whose fault it may be. Its style is in the page, and the
    policy allows just that by its hash.
    """
    response = render("500.html", {}, status=500)
    style = _STYLE.search(response.content.decode())
    allowed = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode() if style else ""
    response["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'sha256-{allowed}'; img-src data:; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
    )
    response["Cache-Control"] = "no-store"
    with_public_headers(response)
    return response

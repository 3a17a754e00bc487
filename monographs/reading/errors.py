"""What a reader is told when there is no page, and what they can do instead."""

import base64
import hashlib
import re

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from monographs.reading.lookup import Found, read_frame
from monographs.reading.responses import frame, render, with_public_headers

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def missing(found: Found) -> HttpResponse:
    """404 in the frame that the look-up already brought."""
    return render("404.html", frame(found), status=404)


def gone(found: Found) -> HttpResponse:
    """410: what was here was withdrawn, why, and what to do."""
    context = {**frame(found), "title": found.title, "reason": found.reason, "advice": found.advice}
    return render("410.html", context, status=410)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """404 for an address that no view knows; Django's ``handler404``."""
    try:
        response = missing(read_frame())
    except DatabaseError:
        response = render("404.html", {}, status=404)
    return with_public_headers(response)


def broken(request: HttpRequest) -> HttpResponse:
    """500: something failed on our side; Django's ``handler500``.

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

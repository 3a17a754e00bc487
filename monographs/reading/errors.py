"""What a reader is told when there is no page, and what they can do instead."""

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from monographs.document.reading import UNNAMED_SITE
from monographs.reading.lookup import Found, read_frame
from monographs.reading.responses import frame, render, with_public_headers


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
        response = render("404.html", {"site_name": UNNAMED_SITE}, status=404)
    return with_public_headers(response)

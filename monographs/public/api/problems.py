"""Errors as RFC 9457 has them: ``application/problem+json``, saying what to do where there is something."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from monographs.public.json_encoding import encode
from monographs.public.responses import with_public_headers

MEDIA_TYPE = "application/problem+json"
#: On every answer for programs, errors too, so that a program of any site learns what happened.
CROSS_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, X-Edition, Location",
    "Cross-Origin-Resource-Policy": "cross-origin",
    # Answers for programs are no pages for search engines
    "X-Robots-Tag": "noindex",
}


def wanted(request: HttpRequest) -> bool:
    """Whether a program asks, by the address."""
    return request.path_info == "/api" or request.path_info.startswith("/api/")


def open_to_all(response: HttpResponseBase) -> HttpResponseBase:
    """An answer that programs of any site may read."""
    for name, value in CROSS_ORIGIN.items():
        response.headers.setdefault(name, value)
    return with_public_headers(response)


def problem(status: HTTPStatus, detail: str, **more: Any) -> HttpResponse:
    """The answer where there is none. ``more`` are members of their own, such as ``reason``."""
    body = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail, **more}
    return HttpResponse(encode(body), status=status, content_type=MEDIA_TYPE)


def missing(what: str = "There is nothing at this address.") -> HttpResponse:
    """404."""
    return problem(HTTPStatus.NOT_FOUND, f"{what} /api/v1/openapi.json lists the addresses there are.")


def gone(reason: str, advice: str) -> HttpResponse:
    """410: withdrawn, why, and what to do."""
    return problem(
        HTTPStatus.GONE,
        "This medicine's page was withdrawn. Do not show what you have stored of it.",
        reason=reason,
        advice=advice,
    )


def moved(location: str) -> HttpResponse:
    """301 to the address a medicine has now."""
    detail = "This medicine has another address now. It is in the header Location."
    response = problem(HTTPStatus.MOVED_PERMANENTLY, detail, location=location)
    response["Location"] = location
    return response


def refused(errors: list[dict[str, str]]) -> HttpResponse:
    """422: what is wrong with which parameter."""
    detail = "A parameter is not what it should be. “errors” says which, and what it may be."
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=errors)

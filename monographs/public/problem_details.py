"""Error responses of the API: problem details (RFC 9457, ``application/problem+json``)."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from monographs.public.json_encoding import encode
from monographs.public.responses import with_public_headers

MEDIA_TYPE = "application/problem+json"
#: Set on every API response, errors included, so that programs on other sites can read the error too.
CORS_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, X-Edition, Location",
    "Cross-Origin-Resource-Policy": "cross-origin",
    # API responses do not belong in search engines
    "X-Robots-Tag": "noindex",
}


def is_api_request(request: HttpRequest) -> bool:
    """Whether the request path belongs to the API."""
    return request.path_info == "/api" or request.path_info.startswith("/api/")


def with_cors_headers(response: HttpResponseBase) -> HttpResponseBase:
    """Add the CORS headers and the public headers to a response, where they are not set yet."""
    for name, value in CORS_HEADERS.items():
        response.headers.setdefault(name, value)
    return with_public_headers(response)


def problem_response(status: HTTPStatus, detail: str, **members: Any) -> HttpResponse:
    """Return an error response. ``members`` are extension members of the problem, such as ``reason``."""
    body = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        **members,
    }
    return HttpResponse(encode(body), status=status, content_type=MEDIA_TYPE)


def not_found(what: str = "There is nothing at this address.") -> HttpResponse:
    """Return a 404 response that names the OpenAPI document."""
    return problem_response(
        HTTPStatus.NOT_FOUND, f"{what} /api/v1/openapi.json lists the addresses there are."
    )


def gone(reason: str, advice: str) -> HttpResponse:
    """Return a 410 response for a withdrawn page, with the reason and what a patient can do."""
    return problem_response(
        HTTPStatus.GONE,
        "This medicine's page was withdrawn. Do not show what you have stored of it.",
        reason=reason,
        advice=advice,
    )


def gone_edition(reason: str, advice: str) -> HttpResponse:
    """Return a 410 response for a withdrawn edition of a medicine that has a newer one."""
    return problem_response(
        HTTPStatus.GONE,
        "This edition was withdrawn. Do not show what you have stored of it. The medicine has a newer one.",
        reason=reason,
        advice=advice,
    )


def moved(location: str) -> HttpResponse:
    """Return a 301 response to the current address of a medicine."""
    detail = "This medicine has another address now. It is in the header Location."
    response = problem_response(HTTPStatus.MOVED_PERMANENTLY, detail, location=location)
    response["Location"] = location
    return response


def invalid_parameters(errors: list[dict[str, str]]) -> HttpResponse:
    """Return a 422 response. Each error has ``parameter`` and ``detail``."""
    detail = "A parameter is not what it should be. “errors” says which, and what it may be."
    return problem_response(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=errors)

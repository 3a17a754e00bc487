"""What is known of a request besides its answer: an id for the logs, its class of route, its duration."""

import re
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.signals import got_request_exception
from django.db import DatabaseError
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase

from cms.request_id import request_id
from monographs.core.admin_path import is_admin_request
from monographs.core.counters import DATABASE_ERRORS, REQUESTS, SECONDS

HEADER = "X-Request-ID"
#: What a proxy may call a request: nothing that could begin a line or fill a log.
_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


class RequestRecordMiddleware:
    """Gives each request an id, which the response returns, and counts it.

    Outside all other middleware, so that what they answer is counted, too. The id is the trusted proxy's if
    it sends one, otherwise a new one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        token = request_id.set(_id_of(request))
        try:
            response = self.get_response(request)
            response.headers[HEADER] = request_id.get()
        finally:
            request_id.reset(token)
        route = route_class(request)
        REQUESTS.labels(route, response.status_code).inc()
        SECONDS.labels(route).observe(time.perf_counter() - began)
        return response


def _id_of(request: HttpRequest) -> str:
    given = request.META.get("HTTP_X_REQUEST_ID", "") if settings.TRUSTED_PROXIES else ""
    return given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def route_class(request: HttpRequest) -> str:
    """Return the class of a request's route: one of the names of public addresses, or of a few more."""
    if is_admin_request(request):
        return "admin"
    match = request.resolver_match
    if match is None:
        return "static" if request.path_info.startswith(settings.STATIC_URL) else "none"
    return (match.view_name or "other").removeprefix("public:")


@receiver(got_request_exception, dispatch_uid="count database errors")
def count_database_error(sender: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
    """Count a request that failed because of the database."""
    if isinstance(sys.exc_info()[1], DatabaseError):
        DATABASE_ERRORS.inc()

"""``/metrics`` for Prometheus: for whoever has the token, and for nobody if there is none."""

import os
import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import resolve
from django.views.decorators.cache import never_cache
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from monographs.site_checks.site_metrics import SiteCollector

#: The only address at which the token counts.
PATH = "/metrics"


class MetricsMiddleware:
    """Answers `/metrics` to whoever has the token, by whatever name the process was asked.

    Prometheus asks each process by its address, which is not in ``ALLOWED_HOSTS``, and cannot send another
    ``Host``. Every other request goes on, to the check of its host.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info != PATH or not _has_token(request):
            return self.get_response(request)
        match = request.resolver_match = resolve(PATH)
        response: HttpResponseBase = match.func(request)
        return response


@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Return the counters of all workers and the figures of the site. Without the token there is no page."""
    if not _has_token(request):
        raise Http404
    return HttpResponse(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)


def _has_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "")
    expected = f"Bearer {settings.METRICS_TOKEN}"
    is_same = secrets.compare_digest(given.encode(), expected.encode())
    return bool(settings.METRICS_TOKEN) and is_same


def _registry() -> CollectorRegistry:
    """Return what is exported; of several processes, the sum of what each wrote to its file."""
    found = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(found)
    else:
        found.register(REGISTRY)
    found.register(SiteCollector())
    return found

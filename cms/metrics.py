"""``/metrics`` for Prometheus: for whoever has the token, and for nobody if there is none."""

import os
import secrets

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from monographs.site_checks.site_metrics import SiteCollector


@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Return the counters of all workers and the figures of the site. Without the token there is no page."""
    given = request.headers.get("Authorization", "")
    expected = f"Bearer {settings.METRICS_TOKEN}"
    if not settings.METRICS_TOKEN or not secrets.compare_digest(given.encode(), expected.encode()):
        raise Http404
    return HttpResponse(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)


def _registry() -> CollectorRegistry:
    """Return what is exported; of several processes, the sum of what each wrote to its file."""
    found = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(found)
    else:
        found.register(REGISTRY)
    found.register(SiteCollector())
    return found

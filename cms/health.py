"""Health probes: ``/healthz`` for liveness and ``/readyz`` for readiness."""

import logging

from django.core.checks import ERROR, CheckMessage
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from cms.version import HEALTH
from monographs.site_checks.all_checks import quick_results
from monographs.site_checks.site_check import SiteCheck, status_of

logger = logging.getLogger(__name__)


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Return 200 and this release's version: the process answers requests."""
    return JsonResponse(HEALTH)


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Return 200 if the process may serve requests, otherwise 503 with the reason; and what each check found.

    Only what makes this process unfit is a reason: readers would not be helped if every process went away
    because a mail server did. The messages stay in the log and on the status page, as anybody can read this.
    """
    found = quick_results()
    checks = {check.name: status_of(messages) for check, messages in found}
    for check, messages in found:
        if reason := _unfit(check, messages):
            logger.error("not ready, %s: %s", reason, "; ".join(message.msg for message in messages))
            return JsonResponse({"status": "unavailable", "reason": reason, "checks": checks}, status=503)
    return JsonResponse({"status": "ok", "checks": checks})


def _unfit(check: SiteCheck, messages: list[CheckMessage]) -> str:
    """Return why the process must not serve requests; empty if this check is no reason."""
    return check.unfit if any(message.level >= ERROR for message in messages) else ""

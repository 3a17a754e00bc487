"""Health probes: ``/healthz`` for liveness and ``/readyz`` for readiness."""

import logging

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from cms.version import HEALTH
from monographs.checks import publish_permissions
from monographs.core.migration_history import pending_migrations
from monographs.editions.ledger import is_intact
from monographs.editions.models import LedgerEntry
from monographs.editions.roles import excess_privileges

logger = logging.getLogger(__name__)


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Return 200 and this release's version: the process answers requests."""
    return JsonResponse(HEALTH)


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Return 200 if the process may serve requests, otherwise 503 with the reason.

    It may if the database is reachable, migrations are applied, the database role cannot change the record,
    nobody holds a permission to publish, and the last ledger entry matches its hash.
    """
    reason = _reason_unavailable()
    if reason:
        return JsonResponse({"status": "unavailable", "reason": reason}, status=503)
    return JsonResponse({"status": "ok"})


def _reason_unavailable() -> str:
    """Return why the process must not serve requests; empty if it may."""
    try:
        if pending_migrations():
            return "migrations are not applied"
        if settings.REQUIRE_RESTRICTED_ROLE and (excess := excess_privileges()):
            logger.error("this process could change the record: %s", "; ".join(excess))
            return "the database role could change the record"
        if next(publish_permissions("default"), None):
            return "a group or account holds a permission to publish by hand"
        last = LedgerEntry.objects.order_by("-seq").first()
        if last and not is_intact(last):
            return "the ledger's head does not match its hash"
    except DatabaseError:
        return "the database does not answer"
    return ""

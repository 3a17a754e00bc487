"""Is the process up, and is it fit to serve?"""

import logging

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from monographs.checks import publishers
from monographs.editions.ledger import GENESIS, entry_hash
from monographs.editions.models import LedgerEntry
from monographs.editions.roles import excess_privileges

logger = logging.getLogger(__name__)


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Database reachable, migrations applied, record out of this role's reach, ledger head intact.

    503 with the reason otherwise.
    """
    problem = _problem()
    if problem:
        return JsonResponse({"status": "unavailable", "reason": problem}, status=503)
    return JsonResponse({"status": "ok"})


def _problem() -> str:
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "migrations are not applied"
        if settings.RECORD_BEYOND_REACH and (beyond := excess_privileges()):
            logger.error("this process could change the record: %s", "; ".join(beyond))
            return "the database role could change the record"
        if next(publishers("default"), None):
            return "somebody holds a permission to publish by hand"
        last = LedgerEntry.objects.order_by("-seq").first()
        if last and (last.hash != entry_hash(last) or (last.seq == 1) != (last.prev_hash == GENESIS)):
            return "the ledger's head does not match its hash"
    except DatabaseError:
        return "the database does not answer"
    return ""

"""Purges of shared caches: stored in the transaction of a publication, sent after its commit, tried again.

The pattern is that of notices (decision 14). A purge is safe to repeat, so no row is locked while it is sent:
two processes may send one, and none waits for the other.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Q, QuerySet

from monographs.core.background_thread import BackgroundThread
from monographs.core.db_clock import database_now
from monographs.editions.models import PreparedSentence, Publication, PublicationState
from monographs.label_watch.models import UpdateTask
from monographs.public.models import CachePurge
from monographs.public.shared_cache import nodes
from monographs.public.shared_cache.lifetime import STALE_BOUND_SECONDS
from monographs.public.shared_cache.surrogate_keys import SITE, keys_changed_by, keys_of_page

logger = logging.getLogger(__name__)

#: After this, a purge is sent again. An answer that the service gave before the publication may have reached
#: the cache after the purge; the cache gives up an answer that takes longer than this (``default.vcl``).
REPEAT = timedelta(seconds=5)
#: Keys in one request: far below the 8 kB that Varnish reads as one header.
KEYS_PER_REQUEST = 100
#: After this, nothing that a purge was to remove is kept or shown by any cache; the rest is for slow clocks.
EXPIRY = timedelta(seconds=2 * STALE_BOUND_SECONDS)
#: How long rows are kept for the figures.
RETENTION = timedelta(days=7)


def store_purges(sender: Any, instance: Publication, raw: bool = False, **kwargs: Any) -> None:
    """Receiver of ``post_save`` of a publication: store its purges, and send them after the commit."""
    if settings.CACHE_PURGE_URLS:
        is_withdrawal = instance.state == PublicationState.WITHDRAWN
        _store(keys_changed_by(instance), is_withdrawal=is_withdrawal)


def store_sentence_purges(sender: Any, instance: PreparedSentence, **kwargs: Any) -> None:
    """Receiver of ``post_save`` of a prepared sentence: purge the page that shows it from now on."""
    if settings.CACHE_PURGE_URLS:
        _store(keys_of_page(instance.key), is_withdrawal=False)


def store_label_task_purges(sender: Any, instance: UpdateTask, **kwargs: Any) -> None:
    """Receiver of ``post_save`` of a label task: once it is closed, its page shows no sentence any more."""
    if settings.CACHE_PURGE_URLS and instance.closed_at is not None:
        told = PreparedSentence.objects.filter(
            key=instance.key, set_id=instance.set_id, at__gte=instance.opened_at
        )
        if told.exists():
            _store(keys_of_page(instance.key), is_withdrawal=False)


def purge_everything() -> None:
    """Purge all public responses: after a release, or if a cache is in doubt."""
    _store([SITE], is_withdrawal=False)


def _store(keys: Sequence[str], *, is_withdrawal: bool) -> None:
    now = database_now()
    parts = [list(keys[i : i + KEYS_PER_REQUEST]) for i in range(0, len(keys), KEYS_PER_REQUEST)]
    CachePurge.objects.bulk_create(
        CachePurge(node=node, keys=part, is_withdrawal=is_withdrawal, created_at=now)
        for part in parts
        for node in settings.CACHE_PURGE_URLS
    )
    transaction.on_commit(send_soon, robust=True)


def waiting() -> QuerySet[CachePurge]:
    """Return the purges that no node has accepted yet, in the order in which they are sent."""
    return CachePurge.objects.filter(sent_at=None, expired_at=None).order_by("-is_withdrawal", "id")


def due() -> QuerySet[CachePurge]:
    """Return the purges to send now, for the first or the second time."""
    again = Q(sent_at__lt=database_now() - REPEAT)
    left = CachePurge.objects.filter(Q(sent_at=None) | again, repeated_at=None, expired_at=None)
    return left.order_by("-is_withdrawal", "id")


def send_waiting() -> None:
    """Send what waits, withdrawals first; each node by itself, so that one that hangs delays no other.

    An attempt is one request to each node. What waits is looked up again before the next one: a withdrawal
    that was signed meanwhile is next. A node that accepts none is left alone until it is called again.
    """
    failed: set[str] = set()
    while purges := [purge for purge in due() if purge.node not in failed]:
        now = database_now()
        by_node: dict[str, list[CachePurge]] = {}
        for purge in _without_expired(purges, now):
            batch = by_node.setdefault(purge.node, [])
            if _fits(purge, batch):
                batch.append(purge)
        failed |= _send(by_node)
    CachePurge.objects.filter(created_at__lt=database_now() - RETENTION).delete()


def _fits(purge: CachePurge, batch: Sequence[CachePurge]) -> bool:
    """Return whether a purge can go with others: withdrawals go alone, and headers have a length."""
    if not batch:
        return True
    count = len(purge.keys) + sum(len(other.keys) for other in batch)
    return purge.is_withdrawal == batch[0].is_withdrawal and count <= KEYS_PER_REQUEST


def _send(by_node: Mapping[str, Sequence[CachePurge]]) -> set[str]:
    """Send one request to each node; return the nodes that failed."""
    if not by_node:
        return set()
    with ThreadPoolExecutor(len(by_node), "purge") as pool:
        errors = list(pool.map(_send_to_node, by_node, by_node.values()))
    for (node, purges), error in zip(by_node.items(), errors, strict=True):
        _record(node, purges, error)
    return {node for node, error in zip(by_node, errors, strict=True) if error}


def _send_to_node(node: str, purges: Sequence[CachePurge]) -> str:
    """Send the keys of some purges to a node; return why it did not accept them, empty if it did."""
    return nodes.purge(node, list(dict.fromkeys(key for purge in purges for key in purge.keys)))


def _record(node: str, purges: Sequence[CachePurge], error: str) -> None:
    rows = CachePurge.objects.filter(pk__in=[purge.pk for purge in purges])
    if error:
        rows.update(attempts=F("attempts") + 1, last_error=error[:200])
        logger.warning("%s does not accept %s purges: %s", node, len(purges), error)
        return
    now = database_now()
    rows.exclude(sent_at=None).update(repeated_at=now)
    rows.filter(sent_at=None).update(sent_at=now, attempts=F("attempts") + 1, last_error="")
    if first := [purge for purge in purges if purge.sent_at is None]:
        slowest = max((now - purge.created_at).total_seconds() for purge in first)
        logger.info("%s accepted %s purges, the slowest after %.2f s", node, len(first), slowest)


def _without_expired(purges: Iterable[CachePurge], now: datetime) -> list[CachePurge]:
    """Return the purges that can still be of use; the others are put away."""
    purges = list(purges)
    expired = [purge for purge in purges if purge.created_at < now - EXPIRY]
    if expired:
        CachePurge.objects.filter(pk__in=[purge.pk for purge in expired]).update(expired_at=now)
        for node, count in Counter(purge.node for purge in expired).items():
            logger.error("%s never accepted %s purges; what they were about has expired there", node, count)
    return [purge for purge in purges if purge not in expired]


_thread = BackgroundThread("purges of caches", send_waiting)


def send_soon() -> None:
    """Send what waits in a thread of this process, so that no signature waits for a cache; return at once.

    What the thread has not sent when the process ends is sent by ``publish_scheduled --watch``.
    """
    if settings.CACHE_PURGE_URLS:
        _thread.wake()


def figures() -> list[dict[str, Any]]:
    """Return what each node accepted and did not accept in the last seven days, for operators."""
    result = []
    for node in sorted({*settings.CACHE_PURGE_URLS, *waiting().values_list("node", flat=True)}):
        rows = CachePurge.objects.filter(node=node)
        sent = rows.exclude(sent_at=None).annotate(seconds=F("sent_at") - F("created_at"))
        slowest = sent.aggregate(slowest=Max("seconds"))["slowest"]
        left = rows.filter(sent_at=None, expired_at=None)
        result.append(
            {
                "node": node,
                "sent": sent.count(),
                "waiting": left.count(),
                "waiting_withdrawals": left.filter(is_withdrawal=True).count(),
                "expired": rows.filter(~Q(expired_at=None)).count(),
                "slowest_seconds": round(slowest.total_seconds(), 3) if slowest else 0.0,
                "last_error": next(iter(left.order_by("id").values_list("last_error", flat=True)), ""),
            }
        )
    return result

"""Rows of the label versions that pages rest on or cite, kept in step with editions, labels and citations.

The rows repeat what ``WatchedEdition`` and ``FollowedLabel`` say of pages that patients read, in an order in
which a list reads those that it shows and no others. They are stored in the transaction that changes one of
these; what a migration or an earlier release leaves out is added by ``store_missing_rested_versions``.
"""

import uuid
from collections.abc import Collection
from typing import Any

from django.db import connection, transaction

from monographs.core.locks import lock_page_keys
from monographs.label_watch.coverage_sql import is_set_id
from monographs.label_watch.models import FollowedLabel, WatchedEdition

#: Pages whose rows are stored in one transaction when they are missing.
_BATCH = 100

#: What pages rest on and cite, of all pages or of those with ``keys``.
_FOUND = f"""
SELECT p.key, p.edition_id, r.set_id::uuid AS set_id, r.version, bool_or(r.rests) AS rests,
    sum(r.statements)::integer AS statements
FROM editions_publication p JOIN editions_edition e ON e.id = p.edition_id
    LEFT JOIN label_watch_watchededition w ON w.edition_id = p.edition_id
    CROSS JOIN LATERAL (
        SELECT w.set_id, w.version, true, 0
        UNION ALL
        SELECT f.set_id, NULL, true, 0 FROM label_watch_followedlabel f
            WHERE f.key = p.key AND f.set_id IS DISTINCT FROM w.set_id
        UNION ALL
        SELECT c.key, v.key::integer, false, v.value::integer
            FROM jsonb_each(w.cited) c CROSS JOIN jsonb_each_text(c.value -> 'versions') v
    ) r (set_id, version, rests, statements)
WHERE p.state = 'current' AND e.kind = 'monograph' AND {is_set_id("r.set_id")}
    AND (%(keys)s::uuid[] IS NULL OR p.key = ANY(%(keys)s::uuid[]))
GROUP BY p.key, p.edition_id, r.set_id, r.version
"""  # noqa: S608  # built from constants

#: Store the rows of pages with ``keys``, and remove those that are no more.
_STORE = f"""
WITH found AS ({_FOUND}), removed AS (
    DELETE FROM label_watch_restedversion r WHERE r.key = ANY(%(keys)s::uuid[]) AND NOT EXISTS (
        SELECT FROM found f
        WHERE (f.key, f.set_id) = (r.key, r.set_id) AND f.version IS NOT DISTINCT FROM r.version)
)
INSERT INTO label_watch_restedversion AS r (key, edition_id, set_id, version, rests, statements)
SELECT key, edition_id, set_id, version, rests, statements FROM found
ON CONFLICT (key, set_id, coalesce(version, -1)) DO UPDATE SET (edition_id, rests, statements)
    = (excluded.edition_id, excluded.rests, excluded.statements)
WHERE (r.edition_id, r.rests, r.statements)
    IS DISTINCT FROM (excluded.edition_id, excluded.rests, excluded.statements)
"""  # noqa: S608  # built from constants

#: The pages whose rows are missing, too many, or say something else.
_DIFFERENT = f"""
WITH found AS ({_FOUND}), stored AS (
    SELECT key, edition_id, set_id, version, rests, statements FROM label_watch_restedversion
)
SELECT DISTINCT key FROM (
    (TABLE found EXCEPT TABLE stored) UNION ALL (TABLE stored EXCEPT TABLE found)) different ORDER BY key
"""  # noqa: S608  # built from constants


def follow_label(sender: Any, instance: FollowedLabel, **kwargs: Any) -> None:
    """Receiver of ``post_save`` and ``post_delete`` of a label that a page follows."""
    lock_and_store([instance.key])


def lock_and_store(keys: Collection[uuid.UUID]) -> None:
    """Store the rows of pages, after concurrent transactions that count their citations."""
    with transaction.atomic():
        watched = WatchedEdition.objects.select_for_update().filter(key__in=keys)
        list(watched.order_by("key").values_list("key"))
        store_rested_versions(keys)


def store_rested_versions(keys: Collection[uuid.UUID]) -> None:
    """Store the rows of pages whose ``WatchedEdition`` is locked, as that and the labels they follow are."""
    with connection.cursor() as cursor:
        cursor.execute(_STORE, {"keys": list(keys)})


def store_missing_rested_versions() -> int:
    """Store the rows of pages where they are missing or differ; return the number of such pages."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENT, {"keys": None})
        keys = [key for (key,) in cursor.fetchall()]
    for start in range(0, len(keys), _BATCH):
        some = keys[start : start + _BATCH]
        with transaction.atomic():
            lock_page_keys(*some)
            lock_and_store(some)
    return len(keys)

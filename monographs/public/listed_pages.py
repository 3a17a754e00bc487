"""Keeps the rows by which lists find public pages in step with what is public."""

import uuid

from django.db import connection

from monographs.public.queries_sql import for_patients

#: Store the row of each page whose publication meets a condition on publication ``q``.
_STORE = f"""
INSERT INTO reading_listedpage (key, edition_id, kind, path, title, brand_names, class_key,
    condition_keys, identifiers, routes, changed, next_due, withdrawn)
SELECT DISTINCT ON (m.key) m.key, m.id, m.kind, q.path, m.title, m.brand_names, m.class_key, m.condition_keys,
    coalesce(m.canonical::jsonb -> 'identifiers', '{{{{}}}}'),
    ARRAY(SELECT lower(r) FROM jsonb_array_elements_text(m.canonical::jsonb -> 'routes') r),
    m.effective_at, m.next_due, q.state = 'withdrawn'
FROM editions_publication q JOIN editions_edition m ON m.id = q.edition_id
WHERE q.state <> 'moved' AND {for_patients("q")} AND {{condition}}
ORDER BY m.key, q.state = 'current' DESC
ON CONFLICT (key) DO UPDATE SET (edition_id, kind, path, title, brand_names, class_key, condition_keys,
        identifiers, routes, changed, next_due, withdrawn)
    = (excluded.edition_id, excluded.kind, excluded.path, excluded.title, excluded.brand_names,
        excluded.class_key, excluded.condition_keys, excluded.identifiers, excluded.routes, excluded.changed,
        excluded.next_due, excluded.withdrawn)
"""  # noqa: S608  # built from constants
_STORE_ONE = _STORE.format(condition="q.key = %(key)s")
_STORE_MISSING = _STORE.format(
    condition="""NOT EXISTS (SELECT 1 FROM reading_listedpage k WHERE k.key = q.key
        AND (k.edition_id, k.path, k.withdrawn) = (q.edition_id, q.path, q.state = 'withdrawn'))"""
)


def store_listed_page(key: uuid.UUID) -> None:
    """Store how lists find the page with ``key``, as its publication now is."""
    with connection.cursor() as cursor:
        cursor.execute(_STORE_ONE, {"key": key})


def store_missing_listed_pages() -> int:
    """Store the rows that are missing or of another edition, and return their number."""
    with connection.cursor() as cursor:
        cursor.execute(_STORE_MISSING)
        return cursor.rowcount

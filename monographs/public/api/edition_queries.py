"""SQL of the API: one statement per response, as for pages (see ``monographs.public.queries_sql``)."""

from collections.abc import Iterable

from monographs.public.label_sql import SENTENCE
from monographs.public.queries_sql import CURRENT_EDITION, LATER_WITHDRAWAL, LINKS, READABLE, at_path

_SIGNATURES = """(SELECT jsonb_agg(jsonb_build_object(
        'name', s.name, 'credentials', s.credentials, 'field', s.field, 'step', s.step,
        'meaning', s.meaning, 'sha256', s.sha256,
        'signed_at', to_char(s.signed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    ) ORDER BY s.signed_at, s.id)
    FROM editions_signature s WHERE s.submission = e.submission AND s.sha256 = e.sha256)"""

CURRENT = CURRENT_EDITION
BY_NUMBER = f"{READABLE} AND e.number = asked.number"
#: Editions before the cursor, or all of them.
BEFORE_CURSOR = f"{READABLE} AND (asked.number IS NULL OR e.number < asked.number)"


def editions(condition: str) -> str:
    """Return the statement for the editions at a path that meet ``condition`` (on edition ``e``).

    Without such an edition the result is one row that says what is at the path instead.

    Parameters: ``path``, ``number`` (see ``condition``), ``limit``.
    """
    return f"""
SELECT p.state, p.path, w.reason, w.advice, t.path AS target,
    e.number, e.slug, e.sha256, e.canonical, e.effective_at, e.last_reviewed, e.next_due, e.review_kind,
    e.restores, e.steps, {_SIGNATURES} AS signatures,
    {LATER_WITHDRAWAL} AS later, {LINKS} AS links, {SENTENCE} AS sentence
{at_path(condition)}
ORDER BY e.number DESC
LIMIT %(limit)s
"""  # built from constants; values are passed as parameters


def _key_of(name: str) -> str:
    """Return the key of a page that is named by a path it has or had, or by its key."""
    return f"""coalesce((SELECT k.key FROM editions_publication k WHERE k.path = %({name}_path)s),
        %({name}_key)s::uuid)"""  # noqa: S608  # built from constants


#: The condition of each filter on row ``l``. Only those that are given are part of the statement: the server
#: can use an index for them even if it plans the statement before it knows their values.
FILTERS = {
    "class_": f"l.class_key = {_key_of('class')}",
    "condition": f"l.condition_keys @> ARRAY[{_key_of('condition')}]",
    "route": "l.routes @> ARRAY[lower(%(route)s)]",
    "updated_since": "l.changed >= %(updated_since)s::timestamptz",
    "review_due_before": "l.next_due < %(review_due_before)s::date",
    "cursor": "l.path > %(after)s",
}


def monographs(filters: Iterable[str]) -> str:
    """Return the statement for the medicines that meet all ``filters``, in order of their path."""
    conditions = " AND ".join(
        ["NOT l.withdrawn AND l.kind = 'monograph'", *map(FILTERS.__getitem__, filters)]
    )
    return f"""
SELECT q.path, m.slug, m.title, m.brand_names, m.summary, m.number, m.sha256, m.effective_at, m.last_reviewed,
    m.next_due, m.canonical::jsonb -> 'drug_class' AS drug_class,
    m.canonical::jsonb -> 'conditions' AS conditions, m.canonical::jsonb -> 'routes' AS routes
FROM (SELECT l.path, l.edition_id FROM reading_listedpage l WHERE {conditions}
        ORDER BY l.path LIMIT %(limit)s) l
    JOIN editions_publication q ON q.path = l.path AND q.edition_id = l.edition_id AND q.state = 'current'
    JOIN editions_edition m ON m.id = q.edition_id
ORDER BY q.path
"""  # noqa: S608  # built from constants; values are passed as parameters

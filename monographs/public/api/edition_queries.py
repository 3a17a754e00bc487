"""SQL of the API: one statement per response, as for pages (see ``monographs.public.queries_sql``)."""

from monographs.public.queries_sql import LINKS, at_path

_SIGNATURES = """(SELECT jsonb_agg(jsonb_build_object(
        'name', s.name, 'credentials', s.credentials, 'field', s.field, 'step', s.step,
        'meaning', s.meaning, 'sha256', s.sha256,
        'signed_at', to_char(s.signed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    ) ORDER BY s.signed_at, s.id)
    FROM editions_signature s WHERE s.submission = e.submission AND s.sha256 = e.sha256)"""

CURRENT = "e.number = c.number"
BY_NUMBER = "e.number = requested.number"
#: Editions before the cursor, or all of them.
BEFORE_CURSOR = "(requested.number IS NULL OR e.number < requested.number)"


def editions(condition: str) -> str:
    """Return the statement for the editions at a path that meet ``condition`` (on edition ``e``).

    Without such an edition the result is one row that says what is at the path instead.

    Parameters: ``path``, ``number`` (see ``condition``), ``limit``.
    """
    return f"""
SELECT p.state, p.path, w.reason, w.advice, t.path AS target,
    e.number, e.slug, e.sha256, e.canonical, e.effective_at, e.last_reviewed, e.next_due, e.review_kind,
    e.restores, e.steps, {_SIGNATURES} AS signatures,
    {LINKS} AS links
{at_path(condition)}
ORDER BY e.number DESC
LIMIT %(limit)s
"""  # built from constants; values are passed as parameters


def _of(column: str, name: str) -> str:
    """Return the condition that ``column`` holds the key of a page.

    The page is named by its key, or by a path it has or had.
    """
    return f"""(%({name}_path)s::text IS NULL OR {column} && (
        SELECT coalesce(array_agg(k.key), '{{}}') || %({name}_keys)s::uuid[]
        FROM editions_publication k WHERE k.path = %({name}_path)s))"""  # noqa: S608  # built from constants


#: Medicines in order of their path, after the cursor.
MONOGRAPHS = f"""
SELECT f.*, f.canonical::jsonb -> 'drug_class' AS drug_class,
    f.canonical::jsonb -> 'conditions' AS conditions, f.canonical::jsonb -> 'routes' AS routes
FROM (
    SELECT q.path, m.slug, m.title, m.brand_names, m.summary, m.number, m.sha256, m.canonical,
        m.effective_at, m.last_reviewed, m.next_due
    FROM editions_publication q JOIN editions_edition m ON m.id = q.edition_id
    WHERE q.state = 'current' AND m.kind = 'monograph' AND q.path > %(after)s
        AND {_of("ARRAY[m.class_key]", "class")}
        AND {_of("m.condition_keys", "condition")}
        AND (%(updated_since)s::timestamptz IS NULL OR m.effective_at >= %(updated_since)s)
        AND (%(review_due_before)s::date IS NULL OR m.next_due < %(review_due_before)s)
        AND (%(route)s::text IS NULL OR EXISTS (
            SELECT FROM jsonb_array_elements_text(m.canonical::jsonb -> 'routes') AS r
            WHERE lower(r) = lower(%(route)s)))
    ORDER BY q.path LIMIT %(limit)s
) f ORDER BY f.path
"""  # noqa: S608  # built from constants; values are passed as parameters

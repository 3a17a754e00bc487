"""The one statement behind every public page.

Written as SQL because one round trip answers all a page needs: the edition at a path, where its links
lead today, the words that frame every page, and the list the page shows. It always gives one row, so
that a missing page can be explained in the site's own frame without asking again.
"""

_CURRENT = """
    FROM editions_publication q JOIN editions_edition m ON m.id = q.edition_id
    WHERE q.state = 'current' AND """

_ENTRY = """jsonb_build_object(
        'title', m.title, 'path', q.path, 'kind', m.kind,
        'brand_names', m.brand_names, 'summary', m.summary)"""

NOTHING = "NULL::jsonb"


def entries(condition: str) -> str:
    """A list of what is public now and meets ``condition`` (on publication ``q``, edition ``m``)."""
    return f"(SELECT jsonb_agg({_ENTRY} ORDER BY lower(m.title), q.path) {_CURRENT} {condition})"


MEDICINES = entries("m.kind = 'monograph'")
CLASSES = entries("m.kind = 'drug_class'")
CONDITIONS = entries("m.kind = 'condition'")
CLASSES_AND_CONDITIONS = entries("m.kind IN ('drug_class', 'condition')")
FINDABLE = entries("m.kind IN ('monograph', 'drug_class', 'condition')")
OF_THIS_CLASS = entries("m.kind = 'monograph' AND m.class_key = p.key")
OF_THIS_CONDITION = entries("m.kind = 'monograph' AND m.condition_keys @> ARRAY[p.key]")

#: How the names of medicines begin; enough of each to file it under a letter.
BEGINNINGS = f"""(SELECT jsonb_agg(DISTINCT left(n.name, 3)) FROM (
    SELECT unnest(array_prepend(m.title, m.brand_names)) AS name {_CURRENT} m.kind = 'monograph') n)"""  # noqa: S608  # constants of this file

#: The current edition and those before it; one that was made and is not published yet is nobody's to read.
_READABLE = "e.number = c.number OR (e.number < c.number AND e.effective_at <= clock_timestamp())"

HISTORY = f"""(SELECT jsonb_agg(jsonb_build_object(
        'number', e.number, 'published_at', e.effective_at, 'change_note', e.change_note,
        'review_kind', e.review_kind, 'last_reviewed', e.last_reviewed, 'restores', e.restores,
        'reviewers', e.reviewers) ORDER BY e.number DESC)
    FROM editions_edition e WHERE e.key = p.key AND ({_READABLE}))"""  # noqa: S608  # constants of this file

#: Of the two editions that are compared, those that were public; their links lead where they lead today.
COMPARED = f"""(SELECT jsonb_agg(jsonb_build_object(
        'number', e.number, 'canonical', e.canonical, 'published_at', e.effective_at, 'links',
        (SELECT jsonb_object_agg(q.key, q.path) FROM editions_publication q
            WHERE q.state = 'current' AND q.key = ANY(e.linked_keys))) ORDER BY e.number)
    FROM editions_edition e
    WHERE e.key = p.key AND e.number IN (%(before)s::numeric, %(after)s::numeric) AND ({_READABLE}))"""  # noqa: S608  # constants of this file


def page(listing: str = NOTHING, beginnings: str = NOTHING) -> str:
    """The statement for one page. Parameters: ``path``, and ``number`` of an edition (null: the current)."""
    return f"""
SELECT
    p.state, p.reason, w.advice, t.path AS target, c.number AS latest, c.title,
    e.number, e.slug, e.kind, e.canonical, e.sha256, e.reviewers, e.last_reviewed, e.next_due,
    e.change_note, e.review_kind, e.restores, e.effective_at,
    h.canonical AS home, h.sha256 AS home_sha256,
    (SELECT jsonb_object_agg(q.key, q.path) FROM editions_publication q
        WHERE q.state = 'current' AND q.key = ANY(e.linked_keys)) AS links,
    {entries("m.kind = 'information'")} AS about,
    {listing} AS entries,
    {beginnings} AS beginnings
FROM (SELECT %(path)s::text AS path, %(number)s::numeric AS number) asked
LEFT JOIN editions_publication p ON p.path = asked.path
LEFT JOIN editions_publication t ON p.state = 'moved' AND t.key = p.key AND t.state <> 'moved'
LEFT JOIN editions_withdrawal w ON w.id = p.withdrawal_id
LEFT JOIN editions_edition c ON c.id = p.edition_id
LEFT JOIN editions_edition e ON e.key = p.key
    AND e.number = coalesce(asked.number, c.number) AND ({_READABLE})
LEFT JOIN editions_publication hp ON hp.path = '/' AND hp.state = 'current'
LEFT JOIN editions_edition h ON h.id = hp.edition_id
LIMIT 1
"""  # noqa: S608  # constants of this file; what is asked for travels as parameters


SITEMAP = """
SELECT q.path, q.flipped_at FROM editions_publication q WHERE q.state = 'current' ORDER BY q.path
"""

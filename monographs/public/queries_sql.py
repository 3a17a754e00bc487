"""The one statement behind every public page.

Written as SQL because one round trip answers all a page needs: the edition at a path, where its links
lead today, the words that frame every page, and the list the page shows. It always gives one row, so
that a missing page can be explained in the site's own frame without asking again.
"""

CURRENT = """
    FROM editions_publication q JOIN editions_edition m ON m.id = q.edition_id
    WHERE q.state = 'current' AND """

ENTRY = """jsonb_build_object(
        'title', m.title, 'path', q.path, 'kind', m.kind,
        'brand_names', m.brand_names, 'summary', m.summary)"""

NOTHING = "NULL::jsonb"


def entries(condition: str) -> str:
    """A list of what is public now and meets ``condition`` (on publication ``q``, edition ``m``)."""
    return f"(SELECT jsonb_agg({ENTRY} ORDER BY lower(m.title), q.path) {CURRENT} {condition})"


#: Current pages with these keys. Which keys a list shows is the index of names' to say (``finding.shelves``).
OF_KEYS = f"""(SELECT jsonb_agg({ENTRY} || jsonb_build_object('key', m.key, 'slug', m.slug)
    ORDER BY q.path) {CURRENT} m.key = ANY(%(keys)s::uuid[]))"""  # constants of this file

#: Medicines whose pages name this one as commonly used with them. The table only says where to look: each
#: signed text is asked, too.
USED_WITH = f"""(SELECT jsonb_agg({ENTRY} || jsonb_build_object('key', m.key) ORDER BY lower(m.title), q.path)
    FROM (SELECT q.path, q.edition_id FROM reading_usedwith u
            JOIN editions_publication q ON q.edition_id = u.edition_id AND q.state = 'current'
            JOIN editions_edition n ON n.id = q.edition_id
            WHERE u.companion = p.key AND NOT EXISTS (
                SELECT 1 FROM reading_usedwith own
                WHERE own.edition_id = e.id AND own.companion = u.key)
            ORDER BY lower(n.title), q.path LIMIT %(used_with)s) q
        JOIN editions_edition m ON m.id = q.edition_id
    WHERE jsonb_path_exists(m.canonical::jsonb, '$.sections[*] ? (@.type == "commonly_used_with")
        .parts[*] ? (@.kind == "companions").items[*] ? (@.page == $key)',
        jsonb_build_object('key', p.key)))"""  # noqa: S608  # constants of this file

#: Where the ledger stands, and whether anything was flipped since a place that is known already. Entries are
#: written under one lock that is held until the commit, so what has a higher number was committed later.
STANDING = """(SELECT jsonb_build_object('seq', l.seq, 'hash', l.hash, 'stale',
        NOT EXISTS (SELECT 1 FROM editions_ledgerentry k WHERE k.seq = %(seq)s AND k.hash = %(hash)s)
        OR EXISTS (SELECT 1 FROM editions_ledgerentry n WHERE n.seq > %(seq)s AND n.event = 'publication'))
    FROM editions_ledgerentry l ORDER BY l.seq DESC LIMIT 1)"""
#: The current edition and those before it; one that was made and is not published yet is nobody's to read.
READABLE = "e.number = c.number OR (e.number < c.number AND e.effective_at <= clock_timestamp())"

HISTORY = f"""(SELECT jsonb_agg(jsonb_build_object(
        'number', e.number, 'published_at', e.effective_at, 'change_note', e.change_note,
        'review_kind', e.review_kind, 'last_reviewed', e.last_reviewed, 'restores', e.restores,
        'reviewers', e.reviewers) ORDER BY e.number DESC)
    FROM editions_edition e WHERE p.state = 'current' AND e.key = p.key AND ({READABLE}))"""  # noqa: S608  # constants of this file

#: Where the pages that an edition names are read today, by key.
LINKS = """(SELECT jsonb_object_agg(q.key, q.path) FROM editions_publication q
        WHERE q.state = 'current' AND q.key = ANY(e.linked_keys))"""

#: Of the two editions that are compared, those that were public; their links lead where they lead today.
COMPARED = f"""(SELECT jsonb_agg(jsonb_build_object(
        'number', e.number, 'canonical', e.canonical, 'published_at', e.effective_at, 'links', {LINKS})
        ORDER BY e.number)
    FROM editions_edition e
    WHERE p.state = 'current' AND e.key = p.key AND e.number IN (%(before)s::numeric, %(after)s::numeric)
        AND ({READABLE}))"""  # noqa: S608  # constants of this file


def at_path(which: str) -> str:
    """What is at a path, and its editions (``e``) that meet ``which``: none of a page that is not current.

    Parameters: ``path``, ``number`` (for ``which``).
    """
    return f"""FROM (SELECT %(path)s::text AS path, %(number)s::numeric AS number) asked
LEFT JOIN editions_publication p ON p.path = asked.path
LEFT JOIN editions_publication t ON p.state = 'moved' AND t.key = p.key AND t.state <> 'moved'
LEFT JOIN editions_withdrawal w ON w.id = p.withdrawal_id
LEFT JOIN editions_edition c ON c.id = p.edition_id
LEFT JOIN editions_edition e ON p.state = 'current' AND e.key = p.key AND ({READABLE}) AND {which}"""


def page(listing: str = NOTHING, standing: str = NOTHING) -> str:
    """The statement for one page. Parameters: ``path``, ``number`` of an edition (null: the current), and
    those of ``listing`` and ``standing``.
    """
    return f"""
SELECT
    p.state, p.reason, w.advice, t.path AS target, c.number AS latest, c.title,
    e.number, e.slug, e.kind, e.canonical, e.sha256, e.reviewers, e.last_reviewed, e.next_due,
    e.change_note, e.review_kind, e.restores, e.effective_at,
    h.canonical AS home, h.sha256 AS home_sha256,
    {LINKS} AS links,
    {entries("m.kind = 'information'")} AS about,
    {listing} AS entries,
    {standing} AS standing
{at_path("e.number = coalesce(asked.number, c.number)")}
LEFT JOIN editions_publication hp ON hp.path = '/' AND hp.state = 'current'
LEFT JOIN editions_edition h ON h.id = hp.edition_id
LIMIT 1
"""  # constants of this file; what is asked for travels as parameters


_PAGES = """FROM editions_publication q JOIN editions_edition m ON m.id = q.edition_id
    WHERE q.state = 'current'"""

#: Some of the pages and when each became what it says.
#: Parameters: ``before``, how many to pass over; ``size``, how many.
SITEMAP = f"""
SELECT q.path, m.effective_at AS changed {_PAGES} ORDER BY q.path OFFSET %(before)s LIMIT %(size)s
"""  # constants of this file

#: The files it takes to list all pages, ``size`` to a file, and when one of a file's pages last changed.
SITEMAP_FILES = f"""
SELECT '/sitemap-' || part || '.xml' AS path, max(changed) AS changed FROM (
    SELECT (row_number() OVER (ORDER BY q.path) - 1) / %(size)s + 1 AS part,
        m.effective_at AS changed {_PAGES}
) pages GROUP BY part ORDER BY part
"""  # noqa: S608  # constants of this file

#: New editions and withdrawals, newest first, under the name a page has now. What stands at no current
#: publication says nothing any more but that it was withdrawn. One row without a change says the site's name.
CHANGES = f"""
SELECT h.canonical::jsonb ->> 'organisation' AS site, changes.*
FROM (SELECT '/'::text AS path) asked
LEFT JOIN editions_publication hp ON hp.path = asked.path AND hp.state = 'current'
LEFT JOIN editions_edition h ON h.id = hp.edition_id
LEFT JOIN (
    SELECT 'edition' AS what, e.key, e.number, e.effective_at AS at, c.title, e.kind, p.path, e.change_note,
        e.review_kind, e.restores, e.reviewers, '' AS reason, '' AS advice
    FROM editions_publication p
    JOIN editions_edition c ON c.id = p.edition_id
    JOIN editions_edition e ON e.key = p.key AND ({READABLE})
    WHERE p.state = 'current'
    UNION ALL
    SELECT 'withdrawal', w.key, e.number, w.at, c.title, e.kind, p.path, '', '', NULL, '[]',
        w.reason, w.advice
    FROM editions_withdrawal w
    JOIN editions_edition e ON e.id = w.edition_id
    JOIN editions_publication p ON p.key = w.key AND p.state <> 'moved'
    JOIN editions_edition c ON c.id = p.edition_id
) changes ON true
ORDER BY changes.at DESC NULLS LAST, changes.key, changes.number DESC
LIMIT %(limit)s
"""  # noqa: S608  # constants of this file

"""SQL of the public site, above all the one statement behind every page.

It is written as SQL so that one round trip fetches all that a page needs: the edition at a path, the current
paths of its links, the texts that frame every page, and the list the page shows. It always returns one row,
so that a 404 page can be shown in the site's frame without another query.
"""

from functools import lru_cache

from monographs.document.models import KEPT_FOLDER
from monographs.public.label_sql import LABEL, SENTENCE


def for_patients(publication: str) -> str:
    """Return the condition that a publication is at an address that patients have."""
    return f"NOT starts_with({publication}.path, '{KEPT_FOLDER}')"


CURRENT = f"""
    FROM editions_publication q JOIN editions_edition m ON m.id = q.edition_id
    WHERE q.state = 'current' AND {for_patients("q")} AND """

ENTRY = """jsonb_build_object(
        'title', m.title, 'path', q.path, 'kind', m.kind,
        'brand_names', m.brand_names, 'summary', m.summary)"""

#: What names lead to: public pages, and medicines whose page was withdrawn, of which no text is shown.
FINDABLE = f"""
    FROM editions_publication q JOIN editions_edition m ON m.id = q.edition_id
        LEFT JOIN editions_withdrawal w ON w.id = q.withdrawal_id
    WHERE (q.state = 'current' OR (q.state = 'withdrawn' AND m.kind = 'monograph'))
        AND {for_patients("q")} AND """

#: An entry of what names lead to. Of a withdrawn page: why, and what to do, instead of its summary.
FINDABLE_ENTRY = """jsonb_build_object(
        'title', m.title, 'path', q.path, 'kind', m.kind, 'brand_names', m.brand_names,
        'summary', CASE q.state WHEN 'current' THEN m.summary ELSE '' END,
        'reason', coalesce(w.reason, ''), 'advice', coalesce(w.advice, ''))"""

NULL_JSON = "NULL::jsonb"


def list_of_entries(condition: str) -> str:
    """Return the expression for all public pages that meet ``condition``.

    The condition is on publication ``q`` and edition ``m``.
    """
    return f"(SELECT jsonb_agg({ENTRY} ORDER BY q.path) {CURRENT} {condition})"


#: Public and withdrawn pages with these keys. The name index decides which keys a list shows
#: (``search.listings``).
PAGES_BY_KEY = f"""(SELECT jsonb_agg({FINDABLE_ENTRY} || jsonb_build_object('key', m.key, 'slug', m.slug)
    ORDER BY q.path) {FINDABLE} q.key = ANY(%(keys)s::uuid[]))"""  # built from constants

#: Medicines whose pages name this one as commonly used with them. The table only narrows the search: the
#: signed text of each candidate is checked too.
USED_WITH = f"""(SELECT jsonb_agg({ENTRY} || jsonb_build_object('key', m.key) ORDER BY q.path)
    FROM (SELECT u.edition_id FROM reading_usedwith u
            WHERE u.companion = p.key AND u.key <> ALL(ARRAY(
                SELECT own.companion FROM reading_usedwith own WHERE own.edition_id = e.id))
            ORDER BY u.title, u.key LIMIT %(used_with)s) u
        JOIN editions_publication q ON q.edition_id = u.edition_id AND q.state = 'current'
        JOIN editions_edition m ON m.id = q.edition_id
    WHERE jsonb_path_exists(m.canonical::jsonb, '$.sections[*] ? (@.type == "commonly_used_with")
        .parts[*] ? (@.kind == "companions").items[*] ? (@.page == $key)',
        jsonb_build_object('key', p.key)))"""  # noqa: S608  # built from constants

#: The last ledger entry, and whether a publication was set after the known entry ``seq``. Entries are written
#: under one lock that is held until the commit, so an entry with a higher number was committed later.
LEDGER_STATE = """(SELECT jsonb_build_object('seq', l.seq, 'hash', l.hash, 'stale',
        NOT EXISTS (SELECT 1 FROM editions_ledgerentry k WHERE k.seq = %(seq)s AND k.hash = %(hash)s)
        OR EXISTS (SELECT 1 FROM editions_ledgerentry n WHERE n.seq > %(seq)s AND n.event = 'publication'))
    FROM editions_ledgerentry l ORDER BY l.seq DESC LIMIT 1)"""
#: The current edition and those published before it; not an edition that is signed but not yet published.
_PUBLISHED = "(e.number = c.number OR (e.number < c.number AND e.effective_at <= clock_timestamp()))"


def _withdrawn(key: str) -> str:
    """Return what follows FROM for the editions (``b``) of a page whose text was withdrawn (``g``).

    Not those signed again. Also earlier editions: a review after which nothing changed made a new number
    (``t``) of the same text.
    """
    return f"""editions_withdrawal g JOIN editions_edition t ON t.id = g.edition_id
    JOIN editions_edition b ON b.key = t.key AND b.sha256 = t.sha256
    WHERE g.key = {key} AND NOT EXISTS (SELECT FROM editions_edition a
        WHERE a.key = t.key AND a.number > t.number AND a.sha256 = t.sha256)"""


#: The same of the page of edition ``e``.
_WITHDRAWN = _withdrawn("e.key")

#: Which later edition (``t``) than ``e`` was withdrawn first, why, and what to do; null without any, and if
#: either text was signed again since. Nobody says which sentence was wrong: it may stand in ``e``, too.
LATER_WITHDRAWAL = """(SELECT jsonb_build_array(t.number, g.reason, g.advice)
    FROM editions_withdrawal g JOIN editions_edition t ON t.id = g.edition_id
    WHERE t.key = e.key AND t.number > e.number AND t.number >= ALL(
        SELECT a.number FROM editions_edition a WHERE a.key = e.key AND a.sha256 IN (t.sha256, e.sha256))
    ORDER BY g.at LIMIT 1)"""

#: The numbers of withdrawn editions, in any order; null without any.
_WITHDRAWN_NUMBERS = f"(SELECT jsonb_agg(b.number) FROM {_WITHDRAWN})"  # noqa: S608  # built from constants

#: When an edition (``e``) was withdrawn, if it is one of them.
_WITHDRAWN_AT = f"(SELECT max(g.at) FROM {_WITHDRAWN} AND b.id = e.id)"  # noqa: S608  # built from constants


def _readable(is_withdrawn: str) -> str:
    return f"""(e.number = c.number OR (e.number < c.number AND e.effective_at <= clock_timestamp()
        AND ({is_withdrawn}) IS NOT TRUE))"""


#: Published editions whose text patients may read. A withdrawn text stays so when the page has another one.
READABLE = _readable(f"{_WITHDRAWN_AT} IS NOT NULL")

#: Whether an edition (``e``) has the text of the one before it; its note of changes is then that one's.
#: Not by ``EXISTS``, for which PostgreSQL may read and hash all editions.
UNCHANGED = """coalesce((SELECT before.sha256 = e.sha256 FROM editions_edition before
        WHERE before.key = e.key AND before.number = e.number - 1), false)"""

HISTORY = f"""(SELECT jsonb_agg(jsonb_build_object(
        'number', e.number, 'published_at', e.effective_at, 'change_note', e.change_note,
        'review_kind', e.review_kind, 'last_reviewed', e.last_reviewed, 'restores', e.restores,
        'unchanged', {UNCHANGED}, 'withdrawn_at', {_WITHDRAWN_AT},
        'reviewers', e.reviewers) ORDER BY e.number DESC)
    FROM editions_edition e WHERE p.state = 'current' AND e.key = p.key AND {_PUBLISHED})"""  # noqa: S608  # built from constants

#: Why an earlier edition of a public page was withdrawn. Parameters: ``path``, ``number``.
WITHDRAWN_EDITION = f"""
SELECT g.reason, g.advice FROM editions_publication p
JOIN editions_edition e ON e.key = p.key AND e.number = %(number)s::numeric, {_WITHDRAWN} AND b.id = e.id
    AND p.path = %(path)s AND p.state = 'current' AND {for_patients("p")}
ORDER BY g.at DESC LIMIT 1
"""  # noqa: S608  # built from constants

#: Whether an edition that patients may read shows a figure. Parameter: ``file_name``.
FIGURE_IS_PUBLIC = f"""
SELECT EXISTS (SELECT 1 FROM editions_editionfigure f
    JOIN editions_edition e ON e.id = f.edition_id
    JOIN editions_publication p ON p.key = e.key AND p.state = 'current'
    JOIN editions_edition c ON c.id = p.edition_id
    WHERE f.file_name = %(file_name)s AND {for_patients("p")} AND {READABLE}) AS found
"""  # noqa: S608  # built from constants

#: Current public paths of the pages that an edition names, by key.
LINKS = f"""(SELECT jsonb_object_agg(q.key, q.path) FROM editions_publication q
        WHERE q.state = 'current' AND q.key = ANY(e.linked_keys) AND {for_patients("q")})"""  # noqa: S608  # built from constants

#: Of the two compared editions, those that were public, with current paths of their links.
COMPARED = f"""(SELECT jsonb_agg(jsonb_build_object(
        'number', e.number, 'canonical', e.canonical, 'published_at', e.effective_at, 'links', {LINKS})
        ORDER BY e.number)
    FROM editions_edition e
    WHERE p.state = 'current' AND e.key = p.key AND e.number IN (%(before)s::numeric, %(after)s::numeric)
        AND {READABLE})"""  # noqa: S608  # built from constants


#: The condition of the edition that patients read now.
CURRENT_EDITION = "e.number = c.number"


#: For ``at_path``: the numbers of withdrawn editions as ``x.gone``, and the edition of a number unless it is
#: one of them. They are looked up once.
_GONE = f"""
LEFT JOIN LATERAL (SELECT jsonb_agg(b.number) gone FROM {_withdrawn("p.key")}) x ON true"""  # noqa: S608  # built from constants
_NOT_GONE = f"{_readable('x.gone @> to_jsonb(e.number)')} AND e.number = asked.number"


def at_path(condition: str, lookup: str = "") -> str:
    """Return the FROM clause for what is at a path, with the editions (``e``) that meet ``condition``.

    A page that is not current has no editions. Parameters: ``path``, ``number`` (for ``condition``).
    ``lookup`` joins what ``condition`` needs.
    """
    return f"""FROM (SELECT %(path)s::text AS path, %(number)s::numeric AS number) asked
LEFT JOIN editions_publication p ON p.path = asked.path AND {for_patients("p")}
LEFT JOIN editions_publication t ON p.state = 'moved' AND t.key = p.key AND t.state <> 'moved'
LEFT JOIN editions_withdrawal w ON w.id = p.withdrawal_id
LEFT JOIN editions_edition c ON c.id = p.edition_id{lookup}
LEFT JOIN editions_edition e ON p.state = 'current' AND e.key = p.key AND {condition}"""


@lru_cache
def page(listing: str = NULL_JSON, ledger_state: str = NULL_JSON, *, is_current: bool = True) -> str:
    """Return the statement for one page with its current edition, or with the edition of a number.

    Parameters: ``path``, ``number`` of an edition, ``known`` and ``known_home`` (the
    hashes of texts that need not be sent again), and those of ``listing`` and ``ledger_state``. It is not
    indented: the driver keeps what it made of a statement only if that is short.
    """
    if is_current:  # lists of editions say themselves which were withdrawn
        gone, later = NULL_JSON if _WITHDRAWN in listing else _WITHDRAWN_NUMBERS, ""
        place = at_path(CURRENT_EDITION)
    else:
        gone, later, place = "x.gone", f"{LATER_WITHDRAWAL} AS later,", at_path(_NOT_GONE, _GONE)
    statement = f"""
SELECT
    p.key, e.linked_keys, p.state, w.reason, w.advice, t.path AS target, c.number AS latest, c.title,
    CASE WHEN e.sha256 = %(known)s THEN NULL ELSE e.canonical END AS canonical,
    e.number, e.slug, e.kind, e.sha256, e.reviewers, e.last_reviewed, e.next_due,
    e.change_note, e.review_kind, e.restores, e.effective_at, {gone} AS gone, {later}
    CASE WHEN h.sha256 = %(known_home)s THEN NULL ELSE h.canonical END AS home,
    h.sha256 AS home_sha256,
    {LINKS} AS links,
    {list_of_entries("m.kind = 'information'")} AS about,
    {LABEL} AS label, {SENTENCE} AS sentence,
    {listing} AS entries,
    {ledger_state} AS ledger_state
{place}
LEFT JOIN editions_publication hp ON hp.path = '/' AND hp.state = 'current'
LEFT JOIN editions_edition h ON h.id = hp.edition_id
LIMIT 1
"""  # built from constants; values are passed as parameters
    return "\n".join(line.strip() for line in statement.splitlines())


#: A range of the pages and when the current edition of each was published.
#: Parameters: ``before``, how many to skip; ``size``, how many.
SITEMAP = """
SELECT q.path, m.effective_at AS changed
FROM (SELECT path, edition_id FROM reading_listedpage
        WHERE NOT withdrawn ORDER BY path OFFSET %(before)s LIMIT %(size)s) l
    JOIN editions_publication q ON q.path = l.path AND q.state = 'current'
    JOIN editions_edition m ON m.id = q.edition_id
ORDER BY q.path
"""

#: The files it takes to list all pages, ``size`` to a file, and when a page of each file last changed.
SITEMAP_FILES = """
SELECT '/sitemap-' || part || '.xml' AS path, max(changed) AS changed FROM (
    SELECT (row_number() OVER (ORDER BY path) - 1) / %(size)s + 1 AS part, changed
    FROM reading_listedpage WHERE NOT withdrawn
) pages GROUP BY part ORDER BY part
"""

#: New editions and withdrawals, newest first, with the current name of the page. Of a withdrawn page only the
#: withdrawal is listed. Without any change the result is one row with the name of the site.
CHANGES = f"""
SELECT h.canonical::jsonb ->> 'organisation' AS site, changes.*
FROM (SELECT '/'::text AS path) requested
LEFT JOIN editions_publication hp ON hp.path = requested.path AND hp.state = 'current'
LEFT JOIN editions_edition h ON h.id = hp.edition_id
LEFT JOIN (
    (SELECT 'edition' AS what, e.key, e.number, e.effective_at AS at, c.title, e.kind, p.path, e.change_note,
        e.review_kind, e.restores, {UNCHANGED} AS unchanged, {_WITHDRAWN_NUMBERS} AS gone, e.reviewers,
        '' AS reason, '' AS advice
    FROM editions_edition e
    JOIN editions_publication p ON p.key = e.key AND p.state = 'current'
    JOIN editions_edition c ON c.id = p.edition_id
    WHERE {READABLE} AND {for_patients("p")}
    ORDER BY e.effective_at DESC, e.key, e.number DESC LIMIT %(limit)s)
    UNION ALL
    (SELECT 'withdrawal', w.key, e.number, w.at, c.title, e.kind, p.path, '', '', NULL, false, NULL, '[]',
        w.reason, w.advice
    FROM editions_withdrawal w
    JOIN editions_edition e ON e.id = w.edition_id
    JOIN editions_publication p ON p.key = w.key AND p.state <> 'moved'
    JOIN editions_edition c ON c.id = p.edition_id
    WHERE {for_patients("p")}
    ORDER BY w.at DESC, w.key, e.number DESC LIMIT %(limit)s)
) changes ON true
ORDER BY changes.at DESC NULLS LAST, changes.key, changes.number DESC
LIMIT %(limit)s
"""  # noqa: S608  # built from constants

#: The same as a list, beside what frames a page.
CHANGE_LIST = f"""(SELECT jsonb_agg(to_jsonb(c) ORDER BY c.at DESC, c.key, c.number DESC)
    FROM ({CHANGES}) c WHERE c.at IS NOT NULL)"""  # noqa: S608  # built from constants

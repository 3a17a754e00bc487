"""SQL of the label coverage, for the report and the API. It reads facts about labels, never what they say."""

from monographs.labels.spl import SET_ID

#: A set id, as a regular expression of PostgreSQL.
SET_ID_PATTERN = f"^{SET_ID.pattern}$"

_FIRST = "00000000-0000-0000-0000-000000000000"


def is_set_id(column: str) -> str:
    """Return the condition that a column is a set id: ``SET_ID_PATTERN`` takes 20 µs for each row."""
    digits = f"translate({column}, '0123456789abcdef', '') = '----'"
    return f"({column} LIKE '________-____-____-____-____________' AND {digits})"


#: The pages that patients read, with what their editions rest on; null in ``statements`` if not counted yet.
#: Whatever else stands in a row that nobody signed is not shown.
_PAGES = f"""pages AS MATERIALIZED (
    SELECT p.key, p.path, e.title, e.number, w.statements, w.citing,
        CASE WHEN {is_set_id("w.set_id")} THEN w.set_id END AS named, w.version
    FROM editions_publication p JOIN editions_edition e ON e.id = p.edition_id
        LEFT JOIN label_watch_watchededition w ON w.edition_id = p.edition_id
    WHERE p.state = 'current' AND e.kind = 'monograph'
)"""  # noqa: S608  # built from constants

#: The labels that pages follow. One that a page follows besides the one that it names has no version.
_FOLLOWS = f"""follows AS MATERIALIZED (
    SELECT key, named AS set_id, version FROM pages WHERE named IS NOT NULL
    UNION ALL
    SELECT f.key, f.set_id, NULL FROM label_watch_followedlabel f JOIN pages ON pages.key = f.key
    WHERE {is_set_id("f.set_id")} AND f.set_id IS DISTINCT FROM pages.named
)"""  # noqa: S608  # built from constants

_GRAVEST_FIRST = "ARRAY['grave', 'substance', 'wording', 'editorial']"

#: One row per page and label that it follows, and one per page that follows none, with the values of
#: ``CoverageState``; only what rows are counted and sorted by.
_LISTED = f"""{_PAGES}, {_FOLLOWS}, stored AS (
    SELECT DISTINCT set_id FROM label_watch_labelversion
), listed AS (
    SELECT p.key, p.title, p.path, p.number, p.statements, p.citing, f.set_id, f.version,
        t.id AS task, t.change_class, t.opened_at,
        CASE WHEN f.set_id IS NULL AND p.statements IS NOT NULL THEN 'none'
            WHEN t.id IS NOT NULL THEN 'behind'
            WHEN s.set_id IS NULL THEN 'unknown' ELSE 'current' END AS state
    FROM pages p LEFT JOIN follows f ON f.key = p.key
        LEFT JOIN stored s ON s.set_id = f.set_id
        LEFT JOIN label_watch_updatetask t ON t.key = p.key AND t.set_id = f.set_id AND t.closed_at IS NULL
)"""  # noqa: S608  # built from constants

#: The rows in a state, or all; ``limit`` of them (null: all) from ``offset``. What only the shown ones need
#: is looked up for them.
ROWS_SQL = f"""
WITH {_LISTED}, chosen AS MATERIALIZED (
    SELECT * FROM listed WHERE %(state)s::text IS NULL OR state = %(state)s::text
    ORDER BY array_position({_GRAVEST_FIRST}, change_class::text), opened_at, set_id IS NOT NULL,
        lower(title), key, set_id LIMIT %(limit)s::bigint OFFSET %(offset)s::bigint
)
SELECT l.key, l.title, l.path, l.number, l.statements, l.citing, l.set_id,
    coalesce((w.cited #>> ARRAY[l.set_id, 'statements'])::integer, 0),
    ARRAY(SELECT v::integer FROM jsonb_object_keys(coalesce(w.cited #> ARRAY[l.set_id, 'versions'], '{{}}')) v
        ORDER BY 1), l.version, n.version, n.effective, n.title,
    k.checked_at, k.failing_since, k.gone_since, l.task, l.change_class, l.opened_at, t.due_on,
    coalesce(jsonb_array_length(t.statements), 0), l.state
FROM chosen l LEFT JOIN label_watch_watchededition w ON w.key = l.key AND l.statements IS NOT NULL
    LEFT JOIN LATERAL (SELECT v.version, v.effective, v.title FROM label_watch_labelversion v
        WHERE v.set_id = l.set_id ORDER BY v.version DESC, v.id LIMIT 1) n ON true
    LEFT JOIN label_watch_labelcheck k ON k.set_id = l.set_id
    LEFT JOIN label_watch_updatetask t ON t.id = l.task
ORDER BY array_position({_GRAVEST_FIRST}, l.change_class::text), l.opened_at, l.set_id IS NOT NULL,
    lower(l.title), l.key, l.set_id
"""  # noqa: S608  # built from constants

#: A row per state: its rows and the statements of their pages, then of those pages that no other state
#: counts how many they are, their statements and those that cite, and how many changes wait by class.
COUNTS_SQL = f"""
WITH {_LISTED}, in_state AS (
    SELECT key, state, count(*) AS number, min(statements) AS statements, min(citing) AS citing,
        count(*) FILTER (WHERE change_class = 'grave') AS grave,
        count(*) FILTER (WHERE change_class = 'substance') AS substance,
        count(*) FILTER (WHERE change_class = 'wording') AS wording
    FROM listed GROUP BY key, state
)
SELECT state, sum(number)::integer, coalesce(sum(statements), 0)::integer,
    count(*) FILTER (WHERE is_first), coalesce(sum(statements) FILTER (WHERE is_first), 0)::integer,
    coalesce(sum(citing) FILTER (WHERE is_first), 0)::integer,
    sum(grave)::integer, sum(substance)::integer, sum(wording)::integer
FROM (SELECT *, state = min(state) OVER (PARTITION BY key) AS is_first FROM in_state) counted
GROUP BY state
"""  # noqa: S608  # built from constants

#: The versions of labels that pages rest on or statements cite, of pages whose row is of what patients read.
_RESTED = """label_watch_restedversion r JOIN editions_publication p
        ON p.edition_id = r.edition_id AND p.state = 'current'"""

#: One row per version of a label that monographs rest on or statements cite, in order of set id, the newest
#: first; after ``after`` (set id and version as one text), without the first ``offset`` and at most
#: ``limit``, if they are not null. It reads the rows that it returns by their index, and no others.
VERSIONS_SQL = f"""
WITH chosen AS MATERIALIZED (
    SELECT r.set_id, r.version, count(*) FILTER (WHERE r.rests) AS monographs,
        sum(r.statements) AS statements, count(*) FILTER (WHERE r.statements > 0) AS citing,
        count(t.id) AS waiting, min(array_position({_GRAVEST_FIRST}, t.change_class::text)) AS rank,
        min(t.opened_at) AS since
    FROM {_RESTED} LEFT JOIN label_watch_updatetask t
        ON r.rests AND t.key = r.key AND t.set_id = r.set_id::text AND t.closed_at IS NULL
    WHERE (r.set_id, 999999999 - coalesce(r.version, 0)) > (
        coalesce(left(%(after)s::text, 36), '{_FIRST}')::uuid,
        coalesce(right(%(after)s::text, 9), '0')::integer)
    GROUP BY r.set_id, r.version ORDER BY r.set_id, r.version DESC NULLS LAST
    LIMIT %(limit)s::bigint OFFSET %(offset)s::bigint
)
SELECT c.set_id::text, c.version, c.monographs::integer, c.statements::integer,
    c.citing::integer AS citing_monographs, coalesce(own.title, n.title) AS label_title, own.effective,
    n.version AS newest_version, c.waiting::integer, ({_GRAVEST_FIRST})[c.rank] AS change_class, c.since,
    c.set_id || '.' || lpad((999999999 - coalesce(c.version, 0))::text, 9, '0') AS place
FROM chosen c
    LEFT JOIN LATERAL (SELECT v.version, v.title FROM label_watch_labelversion v
        WHERE v.set_id = c.set_id::text ORDER BY v.version DESC, v.id LIMIT 1) n ON true
    LEFT JOIN LATERAL (SELECT v.effective, v.title FROM label_watch_labelversion v
        WHERE v.set_id = c.set_id::text AND v.version = c.version ORDER BY v.id LIMIT 1) own ON true
ORDER BY c.set_id, c.version DESC NULLS LAST
"""  # noqa: S608  # built from constants

#: How many rows ``VERSIONS_SQL`` has in all.
VERSION_COUNT_SQL = f"""
SELECT count(*) FROM (SELECT DISTINCT r.set_id, r.version FROM {_RESTED}) counted
"""  # noqa: S608  # built from constants

#: Days from the opening of a task to its answer, of those that somebody answered by a signature, and from
#: the date of the label's version, where that is not later than the opening: some labels are dated ahead.
ANSWERS_SQL = """
SELECT change_class, answered, spans[1], spans[2], dated, label_spans[1], label_spans[2]
FROM (SELECT change_class, count(*) AS answered, count(dated) AS dated,
        percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY closed_at - opened_at) AS spans,
        percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY closed_at - dated) AS label_spans
    FROM (SELECT t.change_class, t.opened_at, t.closed_at, (
            SELECT v.effective::timestamp AT TIME ZONE 'UTC'
            FROM label_watch_labelversion v WHERE v.set_id = t.set_id AND v.version = t.to_version
                AND v.effective <= (t.opened_at AT TIME ZONE 'UTC')::date ORDER BY v.id LIMIT 1) AS dated
        FROM label_watch_updatetask t WHERE t.outcome IN ('edition', 'answered')) answer
    GROUP BY GROUPING SETS ((), (change_class))) times
"""

#: Current publications with what their editions rest on, and the condition that they are monographs: only of
#: those that are not counted yet the edition is looked up.
_WATCHED = """editions_publication p LEFT JOIN label_watch_watchededition w ON w.edition_id = p.edition_id"""
_IS_MONOGRAPH = """p.state = 'current' AND (w.edition_id IS NOT NULL
        OR (SELECT e.kind FROM editions_edition e WHERE e.id = p.edition_id) = 'monograph')"""

#: The figures of all in one row; changes that wait, and answers, as JSON. Answers count for pages that are
#: public no more, too.
SUMMARY_SQL = f"""
WITH waiting AS MATERIALIZED (
    SELECT t.key, t.change_class, t.opened_at, t.due_on
    FROM label_watch_updatetask t JOIN ({_WATCHED}) ON p.key = t.key
    WHERE t.closed_at IS NULL AND {is_set_id("t.set_id")} AND {_IS_MONOGRAPH}
        AND (t.set_id = w.set_id OR EXISTS (
            SELECT FROM label_watch_followedlabel f WHERE f.key = t.key AND f.set_id = t.set_id))
)
SELECT c.monographs, c.statements, c.citing,
    (SELECT count(*) FROM label_watch_watchededition w JOIN editions_publication p
            ON p.edition_id = w.edition_id AND p.state = 'current'
        WHERE NOT w.set_id ~ '{SET_ID_PATTERN}' AND NOT EXISTS (SELECT FROM label_watch_followedlabel f
            WHERE f.key = w.key AND {is_set_id("f.set_id")})) AS follow_none,
    (SELECT count(DISTINCT key) FROM waiting) AS behind,
    (SELECT coalesce(jsonb_agg(to_jsonb(each)), '[]') FROM (SELECT change_class AS change,
        count(DISTINCT key) AS monographs, min(opened_at) AS since,
        count(DISTINCT key) FILTER (WHERE due_on < (now() AT TIME ZONE 'UTC')::date) AS overdue
        FROM waiting GROUP BY change_class) each) AS waiting,
    (SELECT coalesce(jsonb_agg(to_jsonb(each)), '[]') FROM (
        SELECT coalesce(change_class, '') AS change, answered,
            extract(epoch FROM median) / 86400 AS median,
            extract(epoch FROM percentile_90) / 86400 AS percentile_90,
            dated, extract(epoch FROM label_median) / 86400 AS label_median,
            extract(epoch FROM label_percentile_90) / 86400 AS label_percentile_90
        FROM ({ANSWERS_SQL}) a (change_class, answered, median, percentile_90, dated, label_median,
            label_percentile_90)
        WHERE answered > 0) each) AS answers
FROM (SELECT count(*) AS monographs, coalesce(sum(w.statements), 0) AS statements,
    coalesce(sum(w.citing), 0) AS citing FROM {_WATCHED} WHERE {_IS_MONOGRAPH}) c
"""  # noqa: S608  # built from constants

"""SQL of the label coverage, for the report and the API. It reads facts about labels, never what they say."""

_SET_ID = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"

#: The pages that patients read, with what their editions rest on; null in ``statements`` if not counted yet.
#: Whatever else stands in a row that nobody signed is not shown.
_PAGES = f"""pages AS MATERIALIZED (
    SELECT p.key, p.path, e.title, e.number, w.statements, w.citing, w.cited,
        CASE WHEN w.set_id ~ '{_SET_ID}' THEN w.set_id END AS named, w.version
    FROM editions_publication p JOIN editions_edition e ON e.id = p.edition_id
        LEFT JOIN label_watch_watchededition w ON w.edition_id = p.edition_id
    WHERE p.state = 'current' AND e.kind = 'monograph'
)"""  # noqa: S608  # built from constants

#: The labels that pages follow. One that a page follows besides the one that it names has no version.
_FOLLOWS = f"""follows AS MATERIALIZED (
    SELECT key, named AS set_id, version FROM pages WHERE named IS NOT NULL
    UNION ALL
    SELECT f.key, f.set_id, NULL FROM label_watch_followedlabel f JOIN pages ON pages.key = f.key
    WHERE f.set_id ~ '{_SET_ID}' AND f.set_id IS DISTINCT FROM pages.named
)"""  # noqa: S608  # built from constants

#: The newest stored version of each label that is followed.
_NEWEST = """newest AS MATERIALIZED (
    SELECT s.set_id, v.version, v.effective, v.title FROM (SELECT DISTINCT set_id FROM follows) s
        CROSS JOIN LATERAL (SELECT version, effective, title FROM label_watch_labelversion
            WHERE set_id = s.set_id ORDER BY version DESC, id LIMIT 1) v
)"""

_GRAVEST_FIRST = "ARRAY['grave', 'substance', 'wording', 'editorial']"

#: One row per page and label that it follows, and one per page that follows none, with the values of
#: ``CoverageState``.
_LISTED = f"""{_PAGES}, {_FOLLOWS}, {_NEWEST}, listed AS (
    SELECT p.key, p.title, p.path, p.number, p.statements, p.citing, p.cited, f.set_id, f.version,
        n.version AS newest, n.effective, n.title AS label_title,
        t.id AS task, t.change_class, t.opened_at, t.due_on, t.statements AS flagged,
        CASE WHEN f.set_id IS NULL AND p.statements IS NOT NULL THEN 'none'
            WHEN t.id IS NOT NULL THEN 'behind'
            WHEN n.version IS NULL THEN 'unknown' ELSE 'current' END AS state
    FROM pages p LEFT JOIN follows f ON f.key = p.key
        LEFT JOIN newest n ON n.set_id = f.set_id
        LEFT JOIN label_watch_updatetask t ON t.key = p.key AND t.set_id = f.set_id AND t.closed_at IS NULL
)"""  # noqa: S608  # built from constants

#: The rows in a state, or all; ``limit`` of them (null: all) from ``offset``. What only the shown ones need
#: is looked up for them.
ROWS_SQL = f"""
WITH {_LISTED}, chosen AS (
    SELECT * FROM listed WHERE %(state)s::text IS NULL OR state = %(state)s::text
    ORDER BY array_position({_GRAVEST_FIRST}, change_class::text), opened_at, set_id IS NOT NULL,
        lower(title), key, set_id LIMIT %(limit)s::bigint OFFSET %(offset)s::bigint
)
SELECT l.key, l.title, l.path, l.number, l.statements, l.citing, l.set_id,
    coalesce((l.cited #>> ARRAY[l.set_id, 'statements'])::integer, 0),
    ARRAY(SELECT v::integer FROM jsonb_object_keys(coalesce(l.cited #> ARRAY[l.set_id, 'versions'], '{{}}')) v
        ORDER BY 1), l.version, l.newest, l.effective, l.label_title,
    k.checked_at, k.failing_since, k.gone_since, l.task, l.change_class, l.opened_at, l.due_on,
    coalesce(jsonb_array_length(l.flagged), 0), l.state
FROM chosen l LEFT JOIN label_watch_labelcheck k ON k.set_id = l.set_id
ORDER BY array_position({_GRAVEST_FIRST}, l.change_class::text), l.opened_at, l.set_id IS NOT NULL,
    lower(l.title), l.key, l.set_id
"""  # noqa: S608  # built from constants

#: A row per state: its rows and the statements of their pages, then of those pages that no other state
#: counts how many they are, their statements and those that cite, and how many changes wait by class.
COUNTS_SQL = f"""
WITH {_LISTED}
SELECT state, count(*), coalesce(sum(statements) FILTER (WHERE in_state = 1), 0)::integer,
    count(*) FILTER (WHERE of_page = 1), coalesce(sum(statements) FILTER (WHERE of_page = 1), 0)::integer,
    coalesce(sum(citing) FILTER (WHERE of_page = 1), 0)::integer,
    count(*) FILTER (WHERE change_class = 'grave'), count(*) FILTER (WHERE change_class = 'substance'),
    count(*) FILTER (WHERE change_class = 'wording')
FROM (SELECT *, row_number() OVER (PARTITION BY key, state) AS in_state,
    row_number() OVER (PARTITION BY key) AS of_page FROM listed) numbered
GROUP BY state
"""  # noqa: S608  # built from constants

#: The versions of labels that monographs rest on or statements cite, a row for each time.
_RESTED = f"""{_PAGES}, {_FOLLOWS}, rested AS (
    SELECT set_id, version, 1 AS monographs, 0 AS statements, 0 AS citing FROM follows
    UNION ALL
    SELECT c.key, v.key::integer, 0, v.value::integer, 1
    FROM pages CROSS JOIN jsonb_each(cited) c CROSS JOIN jsonb_each_text(c.value -> 'versions') v
)"""  # noqa: S608  # built from constants

#: One row per version of a label that monographs rest on or statements cite, in order of set id, the newest
#: first; after ``after`` (set id and version as one text), without the first ``offset`` and at most
#: ``limit``, if they are not null.
VERSIONS_SQL = f"""
WITH {_RESTED}, counted AS MATERIALIZED (
    SELECT set_id, version, sum(monographs)::integer AS monographs, sum(statements)::integer AS statements,
        sum(citing)::integer AS citing,
        set_id || '.' || lpad((999999999 - coalesce(version, 0))::text, 9, '0') AS place
    FROM rested GROUP BY set_id, version
), chosen AS MATERIALIZED (
    SELECT * FROM counted WHERE %(after)s::text IS NULL OR place COLLATE "C" > %(after)s::text
    ORDER BY place COLLATE "C" LIMIT %(limit)s::bigint OFFSET %(offset)s::bigint
), waiting AS MATERIALIZED (
    SELECT f.set_id, f.version, count(*) AS tasks, min(t.opened_at) AS since,
        min(array_position({_GRAVEST_FIRST}, t.change_class::text)) AS rank
    FROM label_watch_updatetask t JOIN follows f ON f.key = t.key AND f.set_id = t.set_id
    WHERE t.closed_at IS NULL GROUP BY f.set_id, f.version
)
SELECT c.set_id, c.version, c.monographs, c.statements, c.citing AS citing_monographs,
    coalesce(own.title, n.title) AS label_title, own.effective, n.version AS newest_version,
    coalesce(w.tasks, 0)::integer AS waiting,
    ({_GRAVEST_FIRST})[w.rank] AS change_class, w.since, c.place
FROM chosen c
    LEFT JOIN LATERAL (SELECT v.version, v.title FROM label_watch_labelversion v
        WHERE v.set_id = c.set_id ORDER BY v.version DESC, v.id LIMIT 1) n ON true
    LEFT JOIN LATERAL (SELECT v.effective, v.title FROM label_watch_labelversion v
        WHERE v.set_id = c.set_id AND v.version = c.version ORDER BY v.id LIMIT 1) own ON true
    LEFT JOIN waiting w ON w.set_id = c.set_id AND w.version IS NOT DISTINCT FROM c.version
ORDER BY c.place COLLATE "C"
"""  # noqa: S608  # built from constants

#: How many rows ``VERSIONS_SQL`` has in all.
VERSION_COUNT_SQL = f"""
WITH {_RESTED} SELECT count(*) FROM (SELECT DISTINCT set_id, version FROM rested) counted
"""  # noqa: S608  # built from constants

#: Days from the opening of a task to its answer, of those that somebody answered by a signature, and from
#: the date of the label's version, where that is not later than the opening: some labels are dated ahead.
ANSWERS_SQL = """
SELECT change_class, count(*),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY closed_at - opened_at),
    percentile_cont(0.9) WITHIN GROUP (ORDER BY closed_at - opened_at),
    count(dated), percentile_cont(0.5) WITHIN GROUP (ORDER BY closed_at - dated),
    percentile_cont(0.9) WITHIN GROUP (ORDER BY closed_at - dated)
FROM (SELECT t.change_class, t.opened_at, t.closed_at, (SELECT v.effective::timestamp AT TIME ZONE 'UTC'
        FROM label_watch_labelversion v WHERE v.set_id = t.set_id AND v.version = t.to_version
            AND v.effective <= (t.opened_at AT TIME ZONE 'UTC')::date ORDER BY v.id LIMIT 1) AS dated
    FROM label_watch_updatetask t WHERE t.outcome IN ('edition', 'answered')) answered
GROUP BY GROUPING SETS ((), (change_class))
"""

#: The figures of all in one row; changes that wait, and answers, as JSON. Answers count for pages that are
#: public no more, too.
SUMMARY_SQL = f"""
WITH {_PAGES}, {_FOLLOWS}, waiting AS MATERIALIZED (
    SELECT t.key, t.change_class, t.opened_at, t.due_on FROM label_watch_updatetask t
        JOIN follows f ON f.key = t.key AND f.set_id = t.set_id WHERE t.closed_at IS NULL
)
SELECT (SELECT count(*) FROM pages) AS monographs,
    (SELECT coalesce(sum(statements), 0) FROM pages) AS statements,
    (SELECT coalesce(sum(citing), 0) FROM pages) AS citing,
    (SELECT count(*) FROM pages p WHERE statements IS NOT NULL
        AND NOT EXISTS (SELECT FROM follows f WHERE f.key = p.key)) AS follow_none,
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
"""  # noqa: S608  # built from constants

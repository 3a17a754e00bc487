"""The SQL statements behind the review dashboard.

The stage of a page is computed in SQL because pages are filtered, counted and sorted by it: 5,000 pages must
not become 5,000 queries.
"""

#: One row for each reviewed page, with its stage; the only place that decides it. A page that patients read,
#: or whose notice of withdrawal they read, is listed from the record even if its row in Wagtail's table is
#: missing: its id is then 0, and everybody sees it.
#: Precedence: in review or scheduled, whatever is published; then withdrawn; then never published; then
#: overdue; then changed since the last edition; then due soon.
PAGES = """
WITH sources AS (
    SELECT p.id, p.translation_key, p.draft_title, p.path, p.owner_id, p.content_type_id,
        p.latest_revision_created_at
    FROM wagtailcore_page p
    WHERE p.content_type_id = ANY(%(kinds)s) AND p.alias_of_id IS NULL
        AND (%(everywhere)s OR p.path LIKE ANY(%(paths)s))
    UNION ALL
    SELECT 0, e.key, e.title, '', NULL, kind.content_type_id, NULL
    FROM editions_publication pub
    JOIN editions_edition e ON e.id = pub.edition_id
    JOIN unnest(%(kind_names)s::text[], %(kinds)s::int[]) AS kind(name, content_type_id) ON kind.name = e.kind
    WHERE pub.state <> 'moved' AND NOT EXISTS (
        SELECT 1 FROM wagtailcore_page p
        WHERE p.translation_key = pub.key AND p.alias_of_id IS NULL AND p.content_type_id = ANY(%(kinds)s))
), facts AS (
    SELECT p.id, p.translation_key AS key, p.draft_title AS title, p.path, p.owner_id, p.content_type_id,
        m.drug_class_id, m.brand_names,
        s.id AS submission_id, s.uuid AS submission, s.status, s.due_on, s.publish_at, s.submitted_at,
        s.closed_at AS signed_at, s.submitter ->> 'name' AS submitter,
        e.number, e.next_due, e.created_at, e.contributors, e.reviewers, e.sha256,
        pub.state, pub.flipped_at, gone.cause,
        written.began, written.sha256 AS draft_sha256,
        ended.status AS ended, ended.closed_at AS ended_at,
        aside.at AS set_aside,
        COALESCE(written.began, aside.at, p.latest_revision_created_at) AS begun
    FROM sources p
    LEFT JOIN monographs_monographpage m ON m.page_ptr_id = p.id
    LEFT JOIN review_submission s
        ON s.key = p.translation_key AND s.status IN ('in_review', 'scheduled')
    LEFT JOIN editions_publication pub ON pub.key = p.translation_key AND pub.state <> 'moved'
    LEFT JOIN editions_edition e ON e.id = pub.edition_id
    LEFT JOIN editions_withdrawal gone ON gone.id = pub.withdrawal_id
    LEFT JOIN review_setasidedraft aside ON aside.key = p.translation_key AND aside.status = 'open'
    LEFT JOIN LATERAL (
        SELECT min(c.at) AS began, (array_agg(c.sha256 ORDER BY c.id DESC))[1] AS sha256
        FROM editions_contribution c
        WHERE c.key = p.translation_key AND c.after_edition = COALESCE(e.number, 0)
            -- The draft after one that was set aside, and left in the history, began as what patients read
            AND c.at > COALESCE((
                SELECT max(l.at) FROM review_setasidedraft l
                WHERE l.key = p.translation_key AND l.status = 'left'
            ), '-infinity')
    ) written ON true
    LEFT JOIN LATERAL (
        SELECT r.status, r.closed_at FROM review_submission r
        WHERE r.key = p.translation_key AND s.id IS NULL AND r.status IN ('returned', 'recalled')
            AND (e.id IS NULL OR r.submitted_at > e.created_at)
        ORDER BY r.id DESC LIMIT 1
    ) ended ON true
), staged AS (
    SELECT facts.*,
        CASE
            WHEN status = 'in_review' THEN 'in_review'
            WHEN status = 'scheduled' THEN 'scheduled'
            WHEN state = 'withdrawn' THEN 'withdrawn'
            WHEN number IS NULL THEN 'draft'
            WHEN next_due < %(today)s THEN 'overdue'
            WHEN draft_sha256 <> sha256 OR set_aside IS NOT NULL THEN 'draft'
            WHEN next_due <= %(soon)s THEN 'due_soon'
            ELSE 'published'
        END AS stage
    FROM facts
), pages AS (
    SELECT staged.*,
        CASE stage
            WHEN 'in_review' THEN submitted_at
            WHEN 'scheduled' THEN signed_at
            WHEN 'withdrawn' THEN flipped_at
            WHEN 'draft' THEN COALESCE(ended_at, begun)
            WHEN 'overdue' THEN (next_due + 1)::timestamp AT TIME ZONE 'UTC'
            WHEN 'due_soon' THEN GREATEST(
                created_at, (next_due - %(soon_days)s::int)::timestamp AT TIME ZONE 'UTC'
            )
            ELSE created_at
        END AS since,
        CASE stage
            WHEN 'in_review' THEN due_on
            WHEN 'scheduled' THEN (publish_at AT TIME ZONE 'UTC')::date
            WHEN 'withdrawn' THEN NULL
            ELSE next_due
        END AS due
    FROM staged
)
"""

#: The pages that match a filter; an empty filter matches every page.
_MATCHING = """
FROM pages
WHERE (%(kind)s = 0 OR content_type_id = %(kind)s)
    AND (%(drug_class)s = 0 OR drug_class_id = %(drug_class)s)
    AND (%(words)s = '' OR title ILIKE %(words)s OR array_to_string(brand_names, ' ') ILIKE %(words)s)
    AND (NOT %(set_aside)s OR set_aside IS NOT NULL)
    AND (%(until)s::date IS NULL OR due <= %(until)s::date)
    AND (%(person)s = 0 OR key IN (
        SELECT key FROM editions_contribution WHERE user_id = %(person)s
        UNION SELECT key FROM editions_signature WHERE user_id = %(person)s
        UNION SELECT key FROM review_submission WHERE submitted_by_id = %(person)s
        UNION SELECT waiting.key FROM review_submission waiting
            JOIN review_submission_reviewers named ON named.submission_id = waiting.id
            WHERE named.user_id = %(person)s AND waiting.status IN ('in_review', 'scheduled')
        UNION SELECT given.key FROM review_reviewassignment given
            JOIN editions_publication read ON read.key = given.key AND read.state = 'current'
            JOIN editions_edition due ON due.id = read.edition_id AND due.next_due = given.due_on
            WHERE given.reviewer_id = %(person)s
    ))
"""

#: The number of matching pages at each stage.
COUNTS = f"{PAGES} SELECT stage, count(*) {_MATCHING} GROUP BY stage"

_COLUMNS = """
SELECT id, key, title, path, owner_id, content_type_id, stage, since, due, number, submission_id, submission,
    submitter, contributors, reviewers, COALESCE(state, '') AS state, COALESCE(ended, '') AS ended,
    COALESCE(cause, '') AS cause, set_aside IS NOT NULL AS set_aside
"""

#: The orders of the dashboard; a minus before the name reverses the order.
ORDERS = {
    "due": "due ASC NULLS LAST, lower(title), id",
    "-due": "due DESC NULLS LAST, lower(title), id",
    "age": "since ASC NULLS LAST, lower(title), id",
    "-age": "since DESC NULLS LAST, lower(title), id",
    "title": "lower(title), id",
    "-title": "lower(title) DESC, id",
    "edition": "number ASC NULLS FIRST, lower(title), id",
    "-edition": "number DESC NULLS LAST, lower(title), id",
    "stage": "array_position(%(stages)s, stage), due ASC NULLS LAST, lower(title), id",
    "-stage": "array_position(%(stages)s, stage) DESC, due ASC NULLS LAST, lower(title), id",
}


def rows(order: str) -> str:
    """Return the statement for one screen of the matching pages, in an order of ``ORDERS``."""
    return (
        f"{PAGES} {_COLUMNS} {_MATCHING} AND (%(stage)s = '' OR stage = %(stage)s) "
        f"ORDER BY {ORDERS[order]} LIMIT %(limit)s OFFSET %(offset)s"
    )


#: The events on the days of a month; ``asked`` says whether one of the people is asked for the due review.
CALENDAR = f"""{PAGES}
SELECT next_due AS day, 'review' AS event, id, key, title, stage, submission_id, NULL::bigint AS task_id,
    EXISTS (
        SELECT 1 FROM review_reviewassignment given
        WHERE given.key = pages.key AND given.due_on = next_due AND given.reviewer_id = ANY(%(people)s)
    ) AS asked
FROM pages WHERE state = 'current' AND next_due BETWEEN %(first)s AND %(last)s
UNION ALL
SELECT (publish_at AT TIME ZONE 'UTC')::date, 'publication', id, key, title, stage, submission_id, NULL, false
FROM pages WHERE (publish_at AT TIME ZONE 'UTC')::date BETWEEN %(first)s AND %(last)s
UNION ALL
SELECT due_on, 'signing', id, key, title, stage, submission_id, NULL, false
FROM pages WHERE stage = 'in_review' AND due_on BETWEEN %(first)s AND %(last)s
UNION ALL
SELECT task.due_on, 'label', pages.id, pages.key, pages.title, stage, submission_id, task.id, false
FROM pages JOIN label_watch_updatetask task ON task.key = pages.key AND task.closed_at IS NULL
WHERE task.due_on BETWEEN %(first)s AND %(last)s
ORDER BY day, event, title
"""  # noqa: S608  # only constants of this file; values are passed as parameters

#: The counts on the admin's home page: overdue, scheduled, and a user's own pages in review and returned.
SUMMARY = f"""{PAGES}
SELECT count(*) FILTER (WHERE stage = 'overdue'), count(*) FILTER (WHERE stage = 'scheduled'),
    count(*) FILTER (WHERE stage = 'in_review' AND submission_id IN (
        SELECT id FROM review_submission WHERE submitted_by_id = %(person)s)),
    count(*) FILTER (WHERE stage = 'draft' AND ended = 'returned' AND key IN (
        SELECT key FROM review_submission WHERE submitted_by_id = %(person)s))
FROM pages
"""  # noqa: S608  # only constants of this file; values are passed as parameters

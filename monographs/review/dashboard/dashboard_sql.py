"""The questions asked of the whole desk, each one a single statement.

In SQL because every page has a stage, and a page is found, counted and sorted by it: 5,000 pages must not
become 5,000 questions.
"""

#: One row for each page under review rules, with its stage. The one place that decides it.
#: A page in review or waiting for its day is that, whatever patients read meanwhile; then what patients lost,
#: then what they should not read unchecked any longer, then what has been written since.
DESK = """
WITH facts AS (
    SELECT p.id, p.translation_key AS key, p.draft_title AS title, p.path, p.owner_id, p.content_type_id,
        m.drug_class_id, m.brand_names,
        s.id AS submission_id, s.uuid AS submission, s.status, s.due_on, s.publish_at, s.submitted_at,
        s.closed_at AS signed_at, s.submitter ->> 'name' AS submitter,
        e.number, e.next_due, e.created_at, e.contributors, e.reviewers, e.sha256,
        pub.state, pub.flipped_at,
        written.began, written.sha256 AS draft_sha256,
        ended.status AS ended, ended.closed_at AS ended_at,
        COALESCE(written.began, p.latest_revision_created_at) AS begun
    FROM wagtailcore_page p
    LEFT JOIN monographs_monographpage m ON m.page_ptr_id = p.id
    LEFT JOIN review_submission s
        ON s.key = p.translation_key AND s.status IN ('in_review', 'scheduled')
    LEFT JOIN editions_publication pub ON pub.key = p.translation_key AND pub.state <> 'moved'
    LEFT JOIN editions_edition e ON e.id = pub.edition_id
    LEFT JOIN LATERAL (
        SELECT min(c.at) AS began, (array_agg(c.sha256 ORDER BY c.id DESC))[1] AS sha256
        FROM editions_contribution c
        WHERE c.key = p.translation_key AND c.after_edition = COALESCE(e.number, 0)
    ) written ON true
    LEFT JOIN LATERAL (
        SELECT r.status, r.closed_at FROM review_submission r
        WHERE r.key = p.translation_key AND s.id IS NULL AND r.status IN ('returned', 'recalled')
            AND (e.id IS NULL OR r.submitted_at > e.created_at)
        ORDER BY r.id DESC LIMIT 1
    ) ended ON true
    WHERE p.content_type_id = ANY(%(kinds)s) AND p.alias_of_id IS NULL
        AND (%(everywhere)s OR p.path LIKE ANY(%(paths)s))
), staged AS (
    SELECT facts.*,
        CASE
            WHEN status = 'in_review' THEN 'in_review'
            WHEN status = 'scheduled' THEN 'scheduled'
            WHEN state = 'withdrawn' THEN 'withdrawn'
            WHEN number IS NULL THEN 'draft'
            WHEN next_due < %(today)s THEN 'overdue'
            WHEN draft_sha256 <> sha256 THEN 'draft'
            WHEN next_due <= %(soon)s THEN 'due_soon'
            ELSE 'published'
        END AS stage
    FROM facts
), desk AS (
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

#: What a filter leaves; an empty one leaves everything.
_KEPT = """
FROM desk
WHERE (%(kind)s = 0 OR content_type_id = %(kind)s)
    AND (%(drug_class)s = 0 OR drug_class_id = %(drug_class)s)
    AND (%(words)s = '' OR title ILIKE %(words)s OR array_to_string(brand_names, ' ') ILIKE %(words)s)
    AND (%(until)s::date IS NULL OR due <= %(until)s::date)
    AND (%(person)s = 0 OR key IN (
        SELECT key FROM editions_contribution WHERE user_id = %(person)s
        UNION SELECT key FROM editions_signature WHERE user_id = %(person)s
        UNION SELECT key FROM review_submission WHERE submitted_by_id = %(person)s
        UNION SELECT asked.key FROM review_submission asked
            JOIN review_submission_reviewers named ON named.submission_id = asked.id
            WHERE named.user_id = %(person)s AND asked.status IN ('in_review', 'scheduled')
    ))
"""

#: How many pages of each stage a filter leaves.
COUNTS = f"{DESK} SELECT stage, count(*) {_KEPT} GROUP BY stage"  # constants of this file

_COLUMNS = """
SELECT id, key, title, path, owner_id, content_type_id, stage, since, due, number, submission_id, submission,
    submitter, contributors, reviewers, COALESCE(state, '') AS state, COALESCE(ended, '') AS ended
"""

#: How the board can be sorted; a minus before the name turns it round.
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
    """The pages a filter and a stage leave, in an order of ``ORDERS``, one screen of them."""
    return (
        f"{DESK} {_COLUMNS} {_KEPT} AND (%(stage)s = '' OR stage = %(stage)s) "
        f"ORDER BY {ORDERS[order]} LIMIT %(limit)s OFFSET %(offset)s"
    )


#: What falls on the days of a month.
DAYS = f"""{DESK}
SELECT next_due AS day, 'review' AS event, id, key, title, stage, submission_id
FROM desk WHERE state = 'current' AND next_due BETWEEN %(first)s AND %(last)s
UNION ALL
SELECT (publish_at AT TIME ZONE 'UTC')::date, 'publication', id, key, title, stage, submission_id
FROM desk WHERE (publish_at AT TIME ZONE 'UTC')::date BETWEEN %(first)s AND %(last)s
UNION ALL
SELECT due_on, 'signing', id, key, title, stage, submission_id
FROM desk WHERE stage = 'in_review' AND due_on BETWEEN %(first)s AND %(last)s
ORDER BY day, event, title
"""  # noqa: S608  # constants of this file; what is asked for travels as parameters

#: What somebody is told on the dashboard: what stands where, and what of it is theirs.
SUMMARY = f"""{DESK}
SELECT count(*) FILTER (WHERE stage = 'overdue'), count(*) FILTER (WHERE stage = 'scheduled'),
    count(*) FILTER (WHERE stage = 'in_review' AND submission_id IN (
        SELECT id FROM review_submission WHERE submitted_by_id = %(person)s)),
    count(*) FILTER (WHERE stage = 'draft' AND ended = 'returned' AND key IN (
        SELECT key FROM review_submission WHERE submitted_by_id = %(person)s))
FROM desk
"""  # noqa: S608  # constants of this file; what is asked for travels as parameters

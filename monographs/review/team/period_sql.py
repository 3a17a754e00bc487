"""The times that texts spent at each stage, in SQL: no submission is read for a median."""

#: One row for each stage: its name, how many texts left it in the period, and the median and the 90th
#: percentile of the seconds they spent there. A text that was an edition before was not written, and one that
#: is submitted by the act that signs it, as where nothing has to change, spends no time in review.
STAGE_TIMES = """
WITH published AS (
    SELECT e.key, e.number, e.created_at, s.submitted_at, s.publish_at, last.signed_at,
        last.username = s.submitter->>'username' AS at_once,
        EXISTS (
            SELECT FROM editions_edition b
            WHERE b.key = e.key AND b.number < e.number AND b.sha256 = e.sha256
        ) AS unwritten
    FROM editions_edition e
    JOIN review_submission s ON s.uuid = e.submission
    JOIN LATERAL (
        SELECT g.signed_at, g.username FROM editions_signature g WHERE g.submission = e.submission
        ORDER BY g.signed_at DESC LIMIT 1
    ) last ON true
    WHERE e.created_at >= %(begins)s AND e.created_at < %(ends)s
), spent AS (
    SELECT 'writing' AS stage, submitted_at - (
        SELECT min(c.at) FROM editions_contribution c
        WHERE c.key = published.key AND c.after_edition = published.number - 1 AND c.at <= submitted_at
    ) AS took FROM published WHERE NOT unwritten
    UNION ALL
    SELECT 'signing', signed_at - submitted_at FROM published WHERE NOT at_once
    UNION ALL
    SELECT 'waiting', created_at - signed_at FROM published WHERE publish_at IS NOT NULL
    UNION ALL
    SELECT 'returning', closed_at - submitted_at FROM review_submission
    WHERE status = 'returned' AND closed_at >= %(begins)s AND closed_at < %(ends)s
    UNION ALL
    SELECT 'correcting', again.submitted_at - before.closed_at
    FROM review_submission again
    JOIN LATERAL (
        SELECT r.status, r.closed_at FROM review_submission r
        WHERE r.key = again.key AND r.id < again.id ORDER BY r.id DESC LIMIT 1
    ) before ON before.status = 'returned'
    WHERE again.submitted_at >= %(begins)s AND again.submitted_at < %(ends)s
)
SELECT stage, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM took)),
    percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM took))
FROM spent WHERE took IS NOT NULL GROUP BY stage
"""

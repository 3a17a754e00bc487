"""Whether the stored versions of labels, and the answers about them, are those that the ledger recorded."""

from django.db import connection

#: One statement, hence one snapshot: a version and its entry are stored in one transaction.
_FAULTS_SQL = """
    WITH recorded AS (
        SELECT body::jsonb #>> '{data,sha256}' AS sha256, body::jsonb #>> '{data,label}' AS set_id,
            (body::jsonb #>> '{data,version}')::integer AS version
        FROM editions_ledgerentry WHERE event = 'label_stored'
    )
    SELECT coalesce(v.set_id, r.set_id), coalesce(v.version, r.version), CASE
        WHEN v.id IS NULL THEN 'is recorded in the ledger and not stored'
        WHEN r.sha256 IS NULL THEN 'is stored without an entry in the ledger'
        WHEN encode(sha256(v.data), 'hex') <> v.sha256 THEN 'has other bytes than its hash says'
        ELSE 'is stored as another label or version than the ledger recorded' END
    FROM label_watch_labelversion v FULL JOIN recorded r ON r.sha256 = v.sha256
    WHERE v.id IS NULL OR r.sha256 IS NULL OR encode(sha256(v.data), 'hex') <> v.sha256
        OR (v.set_id, v.version) IS DISTINCT FROM (r.set_id, r.version)
    ORDER BY 1, 2
"""


#: The columns of an answer as its entry has them, see ``LabelAnswer.as_record``; one statement, too.
_ANSWER_FAULTS_SQL = """
    WITH recorded AS (
        SELECT body::jsonb #> '{data}' AS data, (body::jsonb #>> '{data,label_answer}')::bigint AS id
        FROM editions_ledgerentry WHERE event = 'label_answered'
    )
    SELECT coalesce(a.key::text, r.data->>'key'), coalesce(a.id, r.id), CASE
        WHEN a.id IS NULL THEN 'is recorded in the ledger and not stored'
        WHEN r.id IS NULL THEN 'is stored without an entry in the ledger'
        WHEN encode(sha256(convert_to(a.canonical, 'UTF8')), 'hex') <> a.sha256
            THEN 'has another text than its hash says'
        WHEN s.id IS NULL THEN 'has no signature'
        ELSE 'differs from its entry in the ledger' END
    FROM label_watch_labelanswer a FULL JOIN recorded r ON r.id = a.id
        LEFT JOIN editions_signature s ON s.submission = a.uuid AND s.sha256 = a.sha256 AND s.key = a.key
    WHERE a.id IS NULL OR r.id IS NULL OR s.id IS NULL
        OR encode(sha256(convert_to(a.canonical, 'UTF8')), 'hex') <> a.sha256
        OR (a.uuid::text, a.key::text, a.edition_id, a.label_id, a.from_version, a.reason, a.sha256, a.at)
            IS DISTINCT FROM (r.data->>'uuid', r.data->>'key', (r.data->>'edition')::bigint,
            (r.data->>'label')::bigint, (r.data->>'from_version')::integer, r.data->>'reason',
            r.data->>'sha256', (r.data->>'at')::timestamptz)
    ORDER BY 1, 2
"""


def label_faults() -> list[str]:
    """Return what is wrong with stored labels and with answers about them, a sentence each; two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_FAULTS_SQL)
        labels = [f"label {set_id} version {version} {what}" for set_id, version, what in cursor.fetchall()]
        cursor.execute(_ANSWER_FAULTS_SQL)
        answers = [f"answer {number} of page {key} {what}" for key, number, what in cursor.fetchall()]
    return labels + answers

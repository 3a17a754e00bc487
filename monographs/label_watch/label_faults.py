"""Whether the stored versions of labels are those that the ledger recorded."""

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


def label_faults() -> list[str]:
    """Return what is wrong with stored labels, a sentence each; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_FAULTS_SQL)
        return [f"label {set_id} version {version} {what}" for set_id, version, what in cursor.fetchall()]

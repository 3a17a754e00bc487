"""Which version of its label each medicine's current edition rests on, as JSON. One query."""

from collections.abc import Mapping
from typing import Any

from monographs.public.api.parameters import LabelFilters
from monographs.public.api.records import PREFIX, medicines_json
from monographs.public.json_encoding import format_datetime

LIST = f"{PREFIX}/labels"

#: A row per medicine: what its edition names, what is stored of that label, and the task that is open.
_LABELS_SQL = """
SELECT l.path, e.slug, e.title, e.number, named.set_id, named.version AS rests_on,
    newest.version AS newest_version, newest.effective, c.checked_at, c.gone_since,
    t.change_class, t.opened_at, t.due_on
FROM (SELECT path, edition_id FROM reading_listedpage
        WHERE NOT withdrawn AND kind = 'monograph' AND path > %(after)s ORDER BY path LIMIT %(limit)s) l
    JOIN editions_publication p ON p.path = l.path AND p.edition_id = l.edition_id AND p.state = 'current'
    JOIN editions_edition e ON e.id = p.edition_id
    CROSS JOIN LATERAL (SELECT
        nullif(lower(e.canonical::jsonb #>> '{identifiers,label_set_id}'), '') AS set_id,
        nullif(e.canonical::jsonb #>> '{identifiers,label_version}', '') AS version) named
    LEFT JOIN LATERAL (SELECT v.version, v.effective FROM label_watch_labelversion v
        WHERE v.set_id = named.set_id ORDER BY v.version DESC, v.id LIMIT 1) newest ON true
    LEFT JOIN label_watch_labelcheck c ON c.set_id = named.set_id
    LEFT JOIN label_watch_updatetask t
        ON t.key = e.key AND t.set_id = named.set_id AND t.closed_at IS NULL
ORDER BY l.path
"""


def labels_json(filters: LabelFilters) -> str:
    """Fetch and encode a page of medicines with their labels, in order of their path."""
    return medicines_json(_LABELS_SQL, {}, filters, _record, LIST)


def _record(row: Mapping[str, Any]) -> dict[str, Any]:
    copied = "slug path number set_id rests_on newest_version"
    return {
        "name": row["title"],
        **{name: row[name] for name in copied.split()},
        "newest_effective": row["effective"],
        "checked_at": format_datetime(row["checked_at"]) if row["checked_at"] else None,
        "gone": row["gone_since"] is not None,
        "change": row["change_class"] or None,
        "changed_since": format_datetime(row["opened_at"]) if row["opened_at"] else None,
        "answer_due": row["due_on"],
    }

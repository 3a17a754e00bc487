"""Which version of its label each medicine's current edition rests on, as JSON. One query each."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from monographs.label_watch.coverage_sql import SUMMARY_SQL, VERSIONS_SQL
from monographs.labels import ChangeClass
from monographs.public.api.parameters import LabelFilters, LabelVersionFilters
from monographs.public.api.records import PREFIX, list_json, medicines_json
from monographs.public.db import fetch_row, fetch_rows
from monographs.public.json_encoding import encode, format_datetime

LIST = f"{PREFIX}/labels"
VERSIONS = f"{LIST}/versions"

#: A row per medicine: what its edition names, what is stored of that label, and the task that is open.
_LABELS_SQL = """
SELECT l.path, e.slug, e.title, e.number, named.set_id, named.version AS rests_on,
    newest.version AS newest_version, newest.effective, c.checked_at, c.gone_since,
    t.change_class, t.opened_at, t.due_on, w.statements, w.citing, w.cited,
    (SELECT jsonb_agg(jsonb_build_object('set_id', f.set_id, 'newest_version', (SELECT max(v.version)
            FROM label_watch_labelversion v WHERE v.set_id = f.set_id), 'change', nullif(o.change_class, ''),
            'changed_since', o.opened_at, 'answer_due', o.due_on) ORDER BY f.set_id)
        FROM label_watch_followedlabel f LEFT JOIN label_watch_updatetask o
            ON o.key = f.key AND o.set_id = f.set_id AND o.closed_at IS NULL
        WHERE f.key = e.key AND f.set_id IS DISTINCT FROM named.set_id) AS others
FROM (SELECT path, edition_id, identifiers FROM reading_listedpage
        WHERE NOT withdrawn AND kind = 'monograph' AND path > %(after)s ORDER BY path LIMIT %(limit)s) l
    JOIN editions_publication p ON p.path = l.path AND p.edition_id = l.edition_id AND p.state = 'current'
    JOIN editions_edition e ON e.id = p.edition_id
    CROSS JOIN LATERAL (SELECT
        nullif(lower(l.identifiers ->> 'label_set_id'), '') AS set_id,
        nullif(l.identifiers ->> 'label_version', '') AS version) named
    LEFT JOIN label_watch_watchededition w ON w.edition_id = l.edition_id
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
        "statements": row["statements"],
        "citing": row["citing"],
        "cited": [
            {"set_id": set_id, "version": int(version), "statements": number}
            for set_id, cited in sorted((row["cited"] or {}).items())
            for version, number in sorted(cited["versions"].items(), key=lambda each: int(each[0]))
        ],
        "also_follows": [
            {**other, "changed_since": _moment(other["changed_since"])} for other in row["others"] or ()
        ],
    }


def _moment(text: str | None) -> str | None:
    """Return a moment that PostgreSQL wrote into JSON as the API writes moments."""
    return format_datetime(datetime.fromisoformat(text)) if text else None


def versions_json(filters: LabelVersionFilters) -> str:
    """Fetch and encode some versions of labels with how much rests on each, in order of their set id."""
    parameters = {"after": filters.cursor, "offset": 0, "limit": filters.limit + 1}
    found = list(fetch_rows(VERSIONS_SQL, parameters))
    shown = found[: filters.limit]
    next_query = None
    if len(found) > filters.limit:
        query = filters.model_dump(mode="json", exclude_unset=True)
        next_query = {**query, "cursor": shown[-1]["place"]}
    return list_json((encode(_version_record(row)) for row in shown), VERSIONS, next_query)


def _version_record(row: Mapping[str, Any]) -> dict[str, Any]:
    copied = "set_id version newest_version monographs citing_monographs statements"
    return {
        **{name: row[name] for name in copied.split()},
        "effective": row["effective"],
        "waiting": row["waiting"],
        "change": row["change_class"],
        "changed_since": format_datetime(row["since"]) if row["since"] else None,
    }


def summary_json() -> str:
    """Fetch and encode the figures of the medicines that are public, and of every answer."""
    row = fetch_row(SUMMARY_SQL, {})
    order = ["", *ChangeClass]
    names = "monographs statements citing follow_none behind".split()
    waiting = sorted(row["waiting"], key=lambda each: order.index(each["change"]))
    answers = sorted(row["answers"], key=lambda each: order.index(each["change"]))
    return encode(
        {
            **{name: int(row[name]) for name in names},
            "waiting": [{**each, "since": _moment(each["since"])} for each in waiting],
            "answers": [_answer(each) for each in answers],
        }
    )


def _answer(row: Mapping[str, Any]) -> dict[str, Any]:
    days = ("median", "percentile_90", "label_median", "label_percentile_90")
    return {
        "change": row["change"] or None,
        "answered": row["answered"],
        "dated": row["dated"],
        **{f"{name}_days": None if row[name] is None else round(float(row[name]), 2) for name in days},
    }

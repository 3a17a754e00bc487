"""Run SQL statements and return rows as dictionaries.

A plain cursor of Django returns JSON columns as text; here they are parsed.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection

#: Type OIDs of json and jsonb in PostgreSQL.
_JSON_OIDS = {114, 3802}


def fetch_rows(statement: str, parameters: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Run ``statement`` and yield each row as a dictionary by column name."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        names = [column.name for column in cursor.description]
        is_json_column = [column.type_code in _JSON_OIDS for column in cursor.description]
        for row in cursor.fetchall():
            yield {
                name: json.loads(value) if is_json and value is not None else value
                for name, is_json, value in zip(names, is_json_column, row, strict=True)
            }


def fetch_row(statement: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Run a statement that returns exactly one row, and return that row."""
    (row,) = fetch_rows(statement, parameters)
    return row

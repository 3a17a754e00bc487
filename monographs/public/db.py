"""Run SQL statements of the public site and return rows as dictionaries.

Statements are sent with their parameters apart, so that PostgreSQL plans each text once per connection:
planning the statement of a page takes ten times as long as executing it. Django's own cursors put the
parameters into the text. A plain cursor of Django returns JSON columns as text; here they are parsed.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

from monographs.core.compiled_query import prepared_cursor as _cursor

#: Type OIDs of json and jsonb in PostgreSQL.
_JSON_OIDS = {114, 3802}


def fetch_rows(statement: str, parameters: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Run ``statement`` and yield each row as a dictionary by column name."""
    with closing(_cursor()) as cursor:
        cursor.execute(statement, parameters)
        # Of the result itself: the cursor's description makes an object for each column, each time
        result: Any = cursor.pgresult
        columns = range(result.nfields)
        names = [result.fname(column).decode() for column in columns]
        is_json_column = [result.ftype(column) in _JSON_OIDS for column in columns]
        for row in cursor.fetchall():
            yield {
                name: json.loads(value) if is_json and value is not None else value
                for name, is_json, value in zip(names, is_json_column, row, strict=True)
            }


def fetch_row(statement: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Run a statement that returns exactly one row, and return that row."""
    (row,) = fetch_rows(statement, parameters)
    return row

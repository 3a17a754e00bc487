"""What statements of ours find, with JSON as data: Django leaves it from a plain cursor as text."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection

#: PostgreSQL's numbers for the types json and jsonb.
_JSON = {114, 3802}


def rows(statement: str, parameters: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Each row by the names of its columns."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        names = [column.name for column in cursor.description]
        coded = [column.type_code in _JSON for column in cursor.description]
        for row in cursor.fetchall():
            yield {
                name: json.loads(value) if is_json and value is not None else value
                for name, is_json, value in zip(names, coded, row, strict=True)
            }


def only_row(statement: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The row of a statement that gives one."""
    (row,) = rows(statement, parameters)
    return row

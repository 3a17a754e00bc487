"""Writes a marker into every text of every row that nobody signed, whatever model it belongs to."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection, transaction

from tests.database import APPEND_ONLY

#: Letters that no text of the interface or of a test has, short enough for almost every column.
MARK = "Qzxvq"
#: Values for columns of other types in a row that is made up, by the beginning of the type.
_MADE_UP = {
    "bool": "true",
    "integer": "1",
    "bigint": "1",
    "smallint": "1",
    "numeric": "1",
    "double": "1",
    "bytea": "''",
    "uuid": "gen_random_uuid()",
    "timestamp": "now()",
    "date": "now()",
    "inet": "'192.0.2.1'",
    "interval": "'1 day'",
    "tsvector": "'word'",
}


def unsigned_models() -> list[Any]:
    """Return every model with a table of its own that can be changed."""
    found = apps.get_models(include_auto_created=True)
    return [m for m in found if m._meta.managed and not m._meta.proxy and m._meta.db_table not in APPEND_ONLY]


def poison() -> set[str]:
    """Make up a row where a table has none, and mark every text column; return the columns that could not be.

    Triggers and foreign keys are off meanwhile, as for an owner of the database.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET session_replication_role = replica")
        left_out = {name for model in unsigned_models() for name in _poison(cursor, model)}
        cursor.execute("SET session_replication_role = origin")
    return left_out


def _poison(cursor: Any, model: Any) -> Iterator[str]:
    quoted = connection.ops.quote_name
    table = quoted(model._meta.db_table)
    cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")  # noqa: S608
    if not cursor.fetchone()[0]:
        yield from _made_up_row(cursor, model)
    for field in model._meta.local_concrete_fields:
        value = _marked(field)
        if value is None or field.is_relation:
            continue
        try:
            with transaction.atomic():
                cursor.execute(f"UPDATE {table} SET {quoted(field.column)} = {value}")  # noqa: S608
        except DatabaseError:
            yield f"{model._meta.label}.{field.name}"


def _marked(field: Any) -> str | None:
    """Return SQL for the mark in a column; different in each row, since some columns are unique."""
    kind = field.db_type(connection)
    if kind == "jsonb":
        return f"""'{{"{MARK}": ["{MARK}"]}}'"""
    if kind.startswith(("varchar", "text")) and kind.endswith("[]"):
        return f"ARRAY['{MARK}']"
    if kind.startswith(("varchar", "text")):
        text = f"'{MARK}' || regexp_replace(ctid::text, '[(),]', 'a', 'g')"
        return f"left({text}, {field.max_length})" if field.max_length else text
    return None


def _made_up_row(cursor: Any, model: Any) -> Iterator[str]:
    quoted = connection.ops.quote_name
    # Others of one row, such as who stands in for whom, may have to differ
    fields = model._meta.local_concrete_fields
    values = {field.column: _made_up(field, number) for number, field in enumerate(fields, start=1)}
    known = {column: value for column, value in values.items() if value is not None}
    columns, row = ", ".join(map(quoted, known)), ", ".join(known.values())
    try:
        with transaction.atomic():
            cursor.execute(f"INSERT INTO {quoted(model._meta.db_table)} ({columns}) VALUES ({row})")  # noqa: S608
    except DatabaseError as error:
        yield f"{model._meta.label}: {error}"


def _made_up(field: Any, number: int) -> str | None:
    is_relation = field.is_relation
    if is_relation:
        field = field.target_field
    marked = _marked(field)
    if marked is not None:
        return marked.replace("ctid::text", "'0'")
    kind = field.rel_db_type(connection) if field.primary_key else field.db_type(connection)
    if kind.endswith("[]"):
        return "'{}'"
    value = next((value for beginning, value in _MADE_UP.items() if kind.startswith(beginning)), None)
    return str(number) if is_relation and value == "1" else value

"""Queries that Django compiles once for a process and executes with other values each time.

Django composes the SQL of a query set anew for each execution, which takes five times as long as PostgreSQL
takes to answer a look-up by a key. Where one action asks dozens of such questions, that is most of its time
(``benchmarks.sign_off``). A rule remains a query set in the place where it belongs; only its SQL is kept. It
is sent as a prepared statement, as the public site's are (``prepared_cursor``).
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from typing import Any, Generic, NamedTuple, TypeVar

from django.conf import settings
from django.db import connection
from django.db.models import BooleanField, Expression, F, Field, Func, QuerySet
from django.db.models import query as django_query
from django.db.models.query import ModelIterable
from psycopg import Cursor

Row = TypeVar("Row")


def prepared_cursor() -> Any:
    """Return a cursor of Django around psycopg's, so that errors are Django's.

    It sends the values apart from the statement, which PostgreSQL then plans once per connection.
    """
    if connection.queries_logged:
        return connection.cursor()  # only Django's own cursor can log a statement with its parameters
    connection.ensure_connection()
    raw = connection.connection
    # Prepare a statement when it is executed for the first time. Django's own cursors never do
    raw.prepare_threshold = 0 if settings.PREPARED_STATEMENTS else None
    cursor: Any = Cursor(raw)
    return connection.make_cursor(cursor)


class Parameter(Expression):
    """The place of a value in a query set that is compiled before the value is known."""

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return "%s", [self]


def among(column: str, values: Parameter) -> Any:
    """Return the condition that ``column`` is one of a list, however many it has."""
    return Func(
        F(column), values, template="(%(expressions)s))", arg_joiner=" = ANY(", output_field=BooleanField()
    )


class _Compiled(NamedTuple):
    """A statement, its values with ``Parameter`` where they are given later, and how a row is read."""

    sql: str
    values: tuple[Any, ...]
    read: Callable[[Sequence[Any]], Any]
    converters: list[tuple[int, Any, Any]]


class CompiledQuery(Generic[Row]):
    """A query set of which the SQL is kept; ``build`` returns it, with a ``Parameter`` for each value.

    Values are passed as the driver takes them (``uuid.UUID``, text, numbers, lists for ``among``). None may
    be None, and what ``build`` itself computes is computed once. ``exists`` asks whether there is a row.
    """

    def __init__(self, build: Callable[[], "QuerySet[Any, Row]"], *, exists: bool = False) -> None:
        self._build, self._exists = build, exists
        self._compiled: _Compiled | None = None
        self._lock = threading.Lock()

    def rows(self, **values: Any) -> list[Row]:
        """Execute the query and return its rows: instances of models, tuples, or single values."""
        compiled = self._compiled or self._compile()
        given = [values[value.name] if isinstance(value, Parameter) else value for value in compiled.values]
        # As Django's own cursors do once per request: the server may have ended the connection meanwhile
        connection.close_if_health_check_failed()
        with closing(prepared_cursor()) as cursor:
            cursor.execute(compiled.sql, given)
            found = cursor.fetchall()
        return [compiled.read(row) for row in _converted(found, compiled.converters)]

    def first(self, **values: Any) -> Row | None:
        """Execute the query, which is limited to one row, and return the row."""
        return next(iter(self.rows(**values)), None)

    def any(self, **values: Any) -> bool:
        """Execute the query and return whether it has a row."""
        return bool(self.rows(**values))

    def _compile(self) -> _Compiled:
        with self._lock:
            queryset = self._build()
            query = queryset.query.exists() if self._exists else queryset.query
            compiler = query.get_compiler(connection=connection)
            sql, values = compiler.as_sql()
            converters = [
                (place, functions, expression)
                for place, (functions, expression) in compiler.get_converters(
                    [column for column, *_ in compiler.select]
                ).items()
            ]
            read = tuple if self._exists else _reader(queryset, compiler)
            self._compiled = _Compiled(sql, tuple(values), read, converters)
        return self._compiled


def _converted(rows: Iterable[Any], converters: list[tuple[int, Any, Any]]) -> Iterable[list[Any]]:
    """Yield rows with each column as its field gives it to Python, as Django's compiler does."""
    for found in rows:
        row = list(found)
        for place, functions, expression in converters:
            for function in functions:
                row[place] = function(row[place], expression, connection)
        yield row


def _reader(queryset: Any, compiler: Any) -> Callable[[Sequence[Any]], Any]:
    """Return the function that makes of a row what the query set yields, as ``ModelIterable`` does."""
    if queryset._iterable_class is not ModelIterable:
        return (lambda row: row[0]) if queryset._iterable_class.__name__.startswith("Flat") else tuple
    info = compiler.klass_info
    fields = info["select_fields"]
    first, last = fields[0], fields[-1] + 1
    names = [column.target.attname for column, *_ in compiler.select[first:last]]
    populators: Any = django_query  # of whose functions the stubs lack one
    related = populators.get_related_populators(info, compiler.select, compiler.using or queryset.db)

    def read(row: Sequence[Any]) -> Any:
        instance = info["model"].from_db(queryset.db, names, row[first:last])
        for populator in related:
            populator.populate(row, instance)
        return instance

    return read

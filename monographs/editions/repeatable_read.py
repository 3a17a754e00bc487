"""Read the database as of one moment while others write to it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def repeatable_read(*, durable: bool = False) -> Iterator[None]:
    """Run the block in a read-only transaction that sees one snapshot, taken at its first query.

    PostgreSQL 15, section 13.2.2 (Repeatable Read). Inside another transaction that one's isolation level
    applies; ``durable`` raises ``RuntimeError`` there.
    """
    with transaction.atomic(durable=durable):
        if not connection.savepoint_ids:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield

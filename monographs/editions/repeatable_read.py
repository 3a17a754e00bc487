"""Reading the record as of one moment while others write to it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def repeatable_read(*, durable: bool = False) -> Iterator[None]:
    """Whatever is read within is of the moment of the first question; nothing can be written.

    PostgreSQL 15, 13.2.2: a transaction that is REPEATABLE READ sees one snapshot. Within another
    transaction it is that one's isolation that counts; ``durable`` raises ``RuntimeError`` there.
    """
    with transaction.atomic(durable=durable):
        if not connection.savepoint_ids:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield

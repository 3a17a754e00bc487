"""The lock of a database whose tables are being changed: one `migrate` at a time."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

#: Advisory lock of a database's migrations; arbitrary.
MIGRATION_LOCK = 1_911_284_156


class _Held(threading.local):
    """The databases that this thread has locked, so that it may enter the lock again inside it."""

    def __init__(self) -> None:
        self.databases: set[str] = set()


_held = _Held()


@contextmanager
def migration_lock(
    using: str = DEFAULT_DB_ALIAS, tell: Callable[[str], object] = lambda message: None
) -> Iterator[None]:
    """Wait until nobody else changes the tables of the database ``using``, and let nobody begin meanwhile.

    ``tell`` is called with a message if there is somebody to wait for. The lock belongs to a transaction on a
    connection of its own: migrations commit, and PgBouncer gives a session's lock to others. It ends with the
    connection, and so with the process.
    """
    if using in _held.databases:
        yield
        return
    with closing(connections[using].copy()) as holder:
        holder.set_autocommit(False)
        with holder.cursor() as cursor:
            for timeout in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
                cursor.execute(f"SET LOCAL {timeout} = 0")
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [MIGRATION_LOCK])
            if not cursor.fetchone()[0]:
                tell("Another process is migrating this database; waiting until it has ended …")
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MIGRATION_LOCK])
        _held.databases.add(using)
        try:
            yield
        finally:
            _held.databases.discard(using)
            with suppress(DatabaseError):  # if it is lost, so is the lock
                holder.rollback()

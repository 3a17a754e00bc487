"""A pooler between this process and PostgreSQL, such as PgBouncer, found out by asking the server.

In transaction mode each transaction of a connection may run in another session of the server. What a session
remembers is then lost, or is left to somebody else: settings, locks, prepared statements and open cursors
([decision 51](../../docs/decisions/0051-what-may-stand-before-the-database.md)).
"""

from typing import Any

from django.core.management.base import CommandError
from django.db import connection

#: A shared session is seen at the first try unless other transactions take it.
_TRIES = 5
#: A statement of nobody else, by which its prepared form is found.
_PROBE = "SELECT 'Which session am I in?'"


def is_behind_pooler() -> bool:
    """Whether the server calls the session by another number than whoever answered the connection."""
    connection.ensure_connection()
    return _session_of(connection) != connection.connection.info.backend_pid


def shares_sessions() -> bool:
    """Whether transactions of two open connections run in one session of the server (transaction mode)."""
    first, second = connection.copy(), connection.copy()
    try:
        return any(_session_of(first) == _session_of(second) for _ in range(_TRIES))
    finally:
        first.close()
        second.close()


def follows_prepared_statements() -> bool:
    """Whether a prepared statement is found again in another session: PgBouncer 1.21 names it anew for that.

    PgBouncer, Configuration, ``max_prepared_statements``.
    """
    probe = connection.copy()
    try:
        probe.ensure_connection()
        with probe.connection.transaction():
            own = probe.connection.cursor()
            probe.connection.prepare_threshold = 0  # at the first execution
            own.execute(_PROBE)
            probe.connection.prepare_threshold = None
            own.execute("SELECT name FROM pg_prepared_statements WHERE statement = %s", [_PROBE])
            names = [name for (name,) in own.fetchall()]
            unchanged = [name for name in names if name.startswith("_pg3_")]  # psycopg's names
            for name in unchanged:  # whoever gets the session next would use the name again
                own.execute(f'DEALLOCATE "{name}"')
        return bool(names) and not unchanged
    finally:
        probe.close()


def refuse_pooler(command: str) -> None:
    """Raise ``CommandError`` if sessions are shared. For commands that set something in theirs."""
    if is_behind_pooler() and shares_sessions():
        raise CommandError(
            f"`{command}` must not run through a pooler in transaction mode: it needs a session of its own, "
            "and what it sets there, others get. Let DATABASE_URL and DATABASE_OWNER_URL name the server."
        )


def _session_of(given: Any) -> int:
    with given.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        found: int = cursor.fetchone()[0]
    return found

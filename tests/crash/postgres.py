"""A separate PostgreSQL server that may be killed, with the durability settings of production."""

import os
import shlex
import signal
import subprocess
import sys
import time
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil  # type: ignore[import-untyped]
import psycopg

from tests.deployment.conftest import postgres_tool, run

#: Far more than it takes on an idle machine.
SERVER_SECONDS = 120
#: In a process of its own: the wheel remembers servers by their folder and would not notice a kill.
CREATE_SERVER = """
import pathlib, sys
from cms.localdb import local_database, stop
folder = pathlib.Path(sys.argv[1])
print(local_database(folder)["HOST"])
stop(folder)
"""


class CrashMode(StrEnum):
    """How a database server can end without an orderly shutdown."""

    IMMEDIATE = "immediate shutdown"
    KILLED = "kill -9 of every process"
    ORPHANED = "kill -9 of the postmaster"
    BACKEND_KILLED = "kill -9 of one process"


class Postgres:
    """A server below ``folder``; started, killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "postgres"
        self.log = folder / "postgres.log"
        make = [sys.executable, "-c", CREATE_SERVER, str(self.data)]
        created = run(*make)
        assert created.returncode == 0, created.stderr
        self.host = created.stdout.strip()
        #: The very command the wheel has started the server with.
        self.command = shlex.split((self.data / "postmaster.opts").read_text())
        self.process = self._spawn()
        self.start()

    def start(self) -> None:
        """Start the server if it does not run, and wait until it has recovered and accepts connections."""
        deadline = time.monotonic() + SERVER_SECONDS
        while not self.answers():
            if self.process.poll() is not None:
                self.process = self._spawn()
            if time.monotonic() > deadline:
                raise TimeoutError(f"PostgreSQL does not start:\n{self.log.read_text()}")
            time.sleep(0.02)

    def _spawn(self) -> subprocess.Popen[bytes]:
        owner = self.data.stat()
        root = os.geteuid() == 0  # PostgreSQL refuses to run as root
        who: dict[str, Any] = (
            {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if root else {}
        )
        with self.log.open("ab") as log:
            return subprocess.Popen(
                self.command, stdout=log, stderr=log, cwd="/", start_new_session=True, **who
            )

    def answers(self) -> bool:
        """Return whether the server accepts connections."""
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """Return a connection of the superuser in autocommit mode."""
        return psycopg.connect(host=self.host, user="postgres", dbname=database, autocommit=True)

    def url(self, database: str) -> str:
        """Return the URL of ``database`` for another process."""
        return f"postgresql://postgres@/{database}?host={quote(self.host, safe='')}"

    def copy(self, source: str, database: str) -> None:
        """Make ``database`` a copy of ``source``, disconnecting users of an existing one.

        Sequence values that ``source`` had allocated in advance are not in the write-ahead log of the copy:
        without a checkpoint they are issued again after a crash, even those of committed rows.
        """
        with self.connect() as server:
            server.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
            server.execute(f'CREATE DATABASE "{database}" TEMPLATE "{source}"')
            server.execute("CHECKPOINT")

    def restore(self, dump: str, database: str) -> None:
        """Execute the statements of ``pg_dump`` in the empty ``database``."""
        options = ("--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--output=/dev/null")
        restored = postgres_tool("psql", *options, self.url(database), input=dump)
        assert restored.returncode == 0, restored.stderr

    def crash(self, mode: CrashMode, backend: int | None = None) -> None:
        """End the server as ``mode`` says; ``backend`` is the process to kill when only one is."""
        family = psutil.Process(self.process.pid).children()
        match mode:
            case CrashMode.IMMEDIATE:
                self.process.send_signal(signal.SIGQUIT)
            case CrashMode.KILLED:
                kill(self.process.pid, *(child.pid for child in family))
            case CrashMode.ORPHANED:
                kill(self.process.pid)
            case CrashMode.BACKEND_KILLED:
                kill(backend or family[0].pid)
        if mode is not CrashMode.BACKEND_KILLED:
            self.process.wait(SERVER_SECONDS)
        deadline = time.monotonic() + SERVER_SECONDS
        while any(map(_is_running, family)):
            if time.monotonic() > deadline:
                raise TimeoutError(f"processes of PostgreSQL outlive it: {family}")
            time.sleep(0.005)

    def stop(self) -> None:
        """Shut down in order, which also frees the shared memory that a killed server has left."""
        self.start()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(SERVER_SECONDS)


def kill(*pids: int) -> None:
    """Send SIGKILL to processes, ignoring those that have ended."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _is_running(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False

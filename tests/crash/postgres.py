"""A PostgreSQL server of its own that may be killed, as durable as in production."""

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

from tests.deployment.conftest import run

#: Far more than it takes: the machine may have much else to do.
SERVER_SECONDS = 120
#: In a process of its own: the wheel remembers servers by their folder and would not notice a kill.
MAKE = """
import pathlib, sys
from cms.localdb import local_database, stop
folder = pathlib.Path(sys.argv[1])
print(local_database(folder)["HOST"])
stop(folder)
"""


class Death(StrEnum):
    """How a database server can end without having been asked to tidy up."""

    IMMEDIATE = "immediate shutdown"
    KILLED = "kill -9 of every process"
    ORPHANED = "kill -9 of the postmaster"
    BACKEND_KILLED = "kill -9 of one process"


class Postgres:
    """A server below ``folder``; started, killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "postgres"
        self.log = folder / "postgres.log"
        make = [sys.executable, "-c", MAKE, str(self.data)]
        made = run(*make)
        assert made.returncode == 0, made.stderr
        self.host = made.stdout.strip()
        #: The very command the wheel has started the server with.
        self.command = shlex.split((self.data / "postmaster.opts").read_text())
        self.process = self._spawn()
        self.start()

    def start(self) -> None:
        """See that the server runs and answers; it recovers by itself from whatever happened to it."""
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
        """Whether somebody can connect now."""
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """A connection as the owner of everything, each statement for itself."""
        return psycopg.connect(host=self.host, user="postgres", dbname=database, autocommit=True)

    def url(self, database: str) -> str:
        """How another process reaches ``database``."""
        return f"postgresql://postgres@/{database}?host={quote(self.host, safe='')}"

    def copy(self, source: str, database: str) -> None:
        """Make ``database`` a copy of ``source``, throwing out whoever uses what had that name.

        The log knows nothing of numbers that sequences of ``source`` had taken in advance and the copy gives
        out: without a checkpoint they are given out again after a crash, even those of committed rows.
        """
        with self.connect() as server:
            server.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
            server.execute(f'CREATE DATABASE "{database}" TEMPLATE "{source}"')
            server.execute("CHECKPOINT")

    def die(self, death: Death, backend: int | None = None) -> None:
        """End in the way of ``death``; ``backend`` is the one process that is killed when it is only one."""
        family = psutil.Process(self.process.pid).children()
        match death:
            case Death.IMMEDIATE:
                self.process.send_signal(signal.SIGQUIT)
            case Death.KILLED:
                kill(self.process.pid, *(child.pid for child in family))
            case Death.ORPHANED:
                kill(self.process.pid)
            case Death.BACKEND_KILLED:
                kill(backend or family[0].pid)
        if death is not Death.BACKEND_KILLED:
            self.process.wait(SERVER_SECONDS)
        deadline = time.monotonic() + SERVER_SECONDS
        while any(map(_works, family)):
            if time.monotonic() > deadline:
                raise TimeoutError(f"processes of PostgreSQL outlive it: {family}")
            time.sleep(0.005)

    def stop(self) -> None:
        """Shut down in order, which also gives back the shared memory that a killed server left behind."""
        self.start()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(SERVER_SECONDS)


def kill(*pids: int) -> None:
    """``kill -9``; who is gone already is left alone."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _works(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False

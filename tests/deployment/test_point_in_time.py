"""A database is recovered to a moment by the commands of the operators' document, as they are written."""

import os
import pwd
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from monographs.backup.tools import DEBIAN_FOLDER
from tests.deployment.conftest import BASE_DIR
from tests.deployment.other_postgres import SERVER_SECONDS, installed_versions

pytestmark = pytest.mark.extended

TEXT = (
    (BASE_DIR / "docs" / "operators" / "backup.md").read_text("utf-8").partition("## To a point in time")[2]
)
TARGET = "2026-02-03 11:59:00+00"


def documented(start: str) -> str:
    """The line of the section that begins so."""
    (line,) = [line for line in TEXT.splitlines() if line.startswith(start)]
    return line


@dataclass
class ArchivingServer:
    """A server that archives its log, with the folders of the document below another one than `/`."""

    folder: Path
    programs: Path
    who: dict[str, Any]

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    def run(self, command: str) -> None:
        """Run a line of the document as the server's user."""
        own = command.replace("/srv/", f"{self.folder}/")
        environment = {
            "PATH": f"{self.programs}{os.pathsep}{os.environ['PATH']}",
            "PGDATA": str(self.data),
            "PGHOST": str(self.folder),
            "PGUSER": "postgres",
        }
        done = subprocess.run(
            ["sh", "-c", own], cwd=self.folder, env=environment, check=False, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=SERVER_SECONDS, **self.who,
        )  # fmt: skip
        assert done.returncode == 0, own

    def sql(self, statement: str) -> Any:
        """Run a statement, and return its first value if it has any."""
        with psycopg.connect(f"host={self.folder} user=postgres dbname=postgres", autocommit=True) as session:
            done = session.execute(statement)
            return done.fetchone()[0] if done.description else None


@pytest.fixture(params=installed_versions())
def archiving(request: pytest.FixtureRequest) -> Iterator[ArchivingServer]:
    who: dict[str, Any] = {"user": pwd.getpwnam("postgres").pw_uid} if os.geteuid() == 0 else {}
    with tempfile.TemporaryDirectory(prefix="wal-") as name:
        server = ArchivingServer(Path(name), DEBIAN_FOLDER / str(request.param) / "bin", who)
        for folder in (server.folder, server.folder / "wal", server.folder / "base"):
            folder.mkdir(exist_ok=True)
            if who:
                os.chown(folder, who["user"], -1)
        server.run("initdb --username=postgres --encoding=UTF8 --locale=C --no-sync")
        block = re.search(r"^```ini\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
        assert block
        own = block[1].replace("/srv/", f"{server.folder}/")
        with (server.data / "postgresql.conf").open("a") as conf:
            conf.write(f"{own}\nlisten_addresses = ''\nunix_socket_directories = '{server.folder}'\n")
        server.run(documented("pg_ctl start"))
        try:
            yield server
        finally:
            server.run('pg_ctl stop -D "$PGDATA" -m immediate')


def test_a_table_that_was_dropped_is_recovered_to_the_minute_before(archiving: ArchivingServer) -> None:
    archiving.sql("CREATE TABLE record (line text)")
    archiving.sql("INSERT INTO record VALUES ('before the base backup')")
    archiving.run(documented("pg_basebackup").partition("   #")[0])
    archiving.sql("INSERT INTO record VALUES ('after it')")
    time.sleep(1.1)  # a target is a whole moment between two transactions
    moment = archiving.sql("SELECT clock_timestamp()")
    time.sleep(1.1)
    archiving.sql("DROP TABLE record")
    archiving.sql("SELECT pg_switch_wal()")
    archiving.run('pg_ctl stop -D "$PGDATA" -m fast')
    archiving.data.rename(archiving.folder / "moved away")

    archiving.run(documented("cp -a"))
    assert TARGET in documented("printf")
    archiving.run(documented("printf").replace(TARGET, moment.isoformat(sep=" ")))
    archiving.run(documented("pg_ctl start"))
    deadline = time.monotonic() + SERVER_SECONDS
    while archiving.sql("SELECT pg_is_in_recovery()"):
        assert time.monotonic() < deadline, "the server does not end its recovery"
        time.sleep(0.1)
    assert archiving.sql("SELECT string_agg(line, ', ') FROM record") == "before the base backup, after it"

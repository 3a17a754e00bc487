"""One moment of the database, as rows for this process and as plain SQL by ``pg_dump``."""

import os
import subprocess
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from django.db import connection
from psycopg.conninfo import make_conninfo
from psycopg.pq import Conninfo

from monographs.backup.archive import BLOCK
from monographs.backup.tools import find_pg_dump
from monographs.core.db_version import server_major
from monographs.editions.repeatable_read import repeatable_read

#: Size of a part of a dump in an archive, in bytes.
PART = 16 << 20
GZIP = 31  # zlib's window size for the format of gzip
COMPRESSION = 5  # a third slower than 1, and files of two thirds its size
#: Only what belongs to the service, and so that a server of another version can read it.
OPTIONS = (
    "--schema=public",
    "--format=plain",
    "--encoding=UTF8",
    "--no-owner",
    "--no-privileges",
    "--no-comments",
    "--no-publications",
    "--no-subscriptions",
    "--no-security-labels",
    "--no-tablespaces",
    "--quote-all-identifiers",
)
_KEYWORDS = {option.keyword.decode() for option in Conninfo.get_defaults()}


class DumpFailed(Exception):
    """``pg_dump`` failed; the message is its own."""


class Snapshot:
    """The database as of one moment."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.server_major = server_major()
        self._program, self.pg_dump_major = find_pg_dump(self.server_major)

    def dump(self) -> Iterator[bytes]:
        """Yield the dump, compressed, in parts of at most ``PART`` bytes. Raises ``DumpFailed``."""
        compressed, part = zlib.compressobj(COMPRESSION, wbits=GZIP), b""
        for block in self._plain():
            part += compressed.compress(block)
            while len(part) >= PART:
                yield part[:PART]
                part = part[PART:]
        yield part + compressed.flush()

    def _plain(self) -> Iterator[bytes]:
        given = {key: value for key, value in connection.get_connection_params().items() if key in _KEYWORDS}
        password = {"PGPASSWORD": given.pop("password")} if given.get("password") else {}
        target = make_conninfo(**given)  # without the password, which other users could see
        command = [str(self._program), *OPTIONS, f"--snapshot={self._name}", f"--dbname={target}"]
        with tempfile.TemporaryFile() as errors:
            with subprocess.Popen(
                command, env=os.environ | password, stdout=subprocess.PIPE, stderr=errors
            ) as process:
                try:
                    yield from iter(lambda: _output(process).read(BLOCK), b"")
                except BaseException:
                    process.kill()
                    raise
            if process.returncode:
                errors.seek(0)
                raise DumpFailed(errors.read().decode("utf-8", "replace").strip())


def _output(process: subprocess.Popen[bytes]) -> IO[bytes]:
    assert process.stdout is not None  # noqa: S101  # requested above
    return process.stdout


@contextmanager
def database_snapshot() -> Iterator[Snapshot]:
    """A snapshot that queries of the block see, too. Raises ``ToolMissing`` if there is no ``pg_dump``."""
    with repeatable_read(durable=True), connection.cursor() as cursor:
        for timeout in ("statement_timeout", "idle_in_transaction_session_timeout"):
            cursor.execute(f"SET LOCAL {timeout} = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        (name,) = cursor.fetchone()
        yield Snapshot(name)

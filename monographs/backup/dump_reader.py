"""Execute a plain SQL dump through Django's connection, on a server of any supported version."""

import re
import zlib
from contextlib import ExitStack, suppress
from typing import Any

import psycopg
from django.db import connection

from monographs.backup.archive import BLOCK
from monographs.backup.snapshot import GZIP

#: The first line of a table's rows, and the line after the last.
_ROWS_BEGIN = re.compile(rb"^COPY .* FROM stdin;\n$")
_ROWS_END = b"\\.\n"
_SETTING = re.compile(rb"^SET (\w+) = .*;\n$")
#: Lines for psql only. No other of its commands is in a dump, and none is ever run.
_FOR_PSQL = (b"\\restrict ", b"\\unrestrict ")
#: Every database has the schema already.
_SCHEMA = b'CREATE SCHEMA "public";\n'


class DumpRefused(Exception):
    """The dump holds something that is not part of a dump by ``pg_dump``."""


class DumpReader:
    """Executes a compressed dump that it is fed in parts, in the connection's current transaction.

    Settings that the server does not know are left out: a newer ``pg_dump`` names some that an older server
    lacks (``transaction_timeout`` since 17).
    """

    def __init__(self) -> None:
        self._decompressed = zlib.decompressobj(wbits=GZIP)
        self._buffer = b""
        self._position = 0  # in the buffer, always at the beginning of a line
        self._statements: list[bytes] = []
        self._cursor: Any = connection.connection.cursor()
        self._rows = ExitStack()
        self._copy: Any = None
        self._cursor.execute("SELECT name FROM pg_settings")
        self._settings = {row[0].encode() for row in self._cursor.fetchall()}

    def feed(self, part: bytes) -> None:
        """Execute what is complete so far, in blocks: a part may be large when it is decompressed."""
        while text := self._decompressed.decompress(part, BLOCK):
            part = self._decompressed.unconsumed_tail
            self._buffer = self._buffer[self._position :] + text
            self._position = 0
            while self._read_rows() if self._copy else self._read_line():
                pass

    def finish(self) -> None:
        """Execute the rest. Raises ``DumpRefused`` if the dump ends early."""
        if self._copy or self._position < len(self._buffer) or not self._decompressed.eof:
            self.abort()
            raise DumpRefused("the dump of the database ends early")
        self._execute()
        self._cursor.close()

    def abort(self) -> None:
        """End a copy that is under way after an error elsewhere."""
        if self._copy:
            self._copy = None
            with suppress(psycopg.Error):  # that the copy was aborted
                self._rows.__exit__(DumpRefused, DumpRefused("aborted"), None)

    def _read_line(self) -> bool:
        end = self._buffer.find(b"\n", self._position) + 1
        if not end:
            return False
        line = self._taken_to(end)
        if line.startswith(b"\\"):
            if not line.startswith(_FOR_PSQL):
                raise DumpRefused(f"the dump holds a command of psql: {line.decode('utf-8', 'replace')}")
        elif _ROWS_BEGIN.match(line):
            self._execute()
            self._copy = self._rows.enter_context(self._cursor.copy(line.decode().rstrip(";\n")))
        elif line != _SCHEMA and not self._is_unknown_setting(line):
            self._statements.append(line)
        return True

    def _is_unknown_setting(self, line: bytes) -> bool:
        setting = _SETTING.match(line)
        return setting is not None and setting[1] not in self._settings

    def _execute(self) -> None:
        statements = b"".join(self._statements)
        self._statements.clear()
        if statements.strip():
            self._cursor.execute(statements)

    def _read_rows(self) -> bool:
        """Copy complete lines; return whether the table's end was found."""
        if self._buffer.startswith(_ROWS_END, self._position):
            end = self._position
        elif (found := self._buffer.find(b"\n" + _ROWS_END, self._position)) >= 0:
            end = found + 1
        else:
            self._copy.write(self._taken_to(self._buffer.rfind(b"\n", self._position) + 1))
            return False
        self._copy.write(self._taken_to(end))
        self._position += len(_ROWS_END)
        self._copy = None
        self._rows.close()
        return True

    def _taken_to(self, end: int) -> bytes:
        """Return what is in the buffer up to ``end``, and go on there; nothing if that is behind."""
        taken = self._buffer[self._position : end]
        self._position = max(self._position, end)
        return taken

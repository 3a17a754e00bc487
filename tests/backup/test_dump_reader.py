"""Dumps are executed on servers of other versions, and run no command of psql."""

import gzip
import tracemalloc
from typing import Any

import pytest
from django.db import connection

from monographs.backup import tools
from monographs.backup.archive import BLOCK
from monographs.backup.dump_reader import DumpReader, DumpRefused
from monographs.backup.tools import ToolMissing, find_pg_dump

DUMP = (
    "\\restrict abc\n\nSET a_setting_of_tomorrow = 0;\nSET statement_timeout = 0;\n"
    'CREATE SCHEMA "public";\nCREATE TABLE "public"."read" ("id" integer, "words" text);\n'
    'COPY "public"."read" ("id", "words") FROM stdin;\n'
    "1\t\\N\n2\t\\\\.\n3\tcafé\\nCOPY x FROM stdin;\n\\.\n\n"
    'COPY "public"."read" ("id", "words") FROM stdin;\n\\.\n\n'
    'ALTER TABLE "public"."read" ADD PRIMARY KEY ("id");\n\\unrestrict abc\n'
)


def read(sql: str, *, step: int = 1 << 20) -> None:
    data = gzip.compress(sql.encode())
    reader = DumpReader()
    try:
        for start in range(0, len(data), step):
            reader.feed(data[start : start + step])
        reader.finish()
    finally:
        reader.abort()


@pytest.mark.parametrize("step", [1, 7, 1 << 20])
def test_rows_and_statements_are_executed_however_the_dump_is_cut(db: None, step: int) -> None:
    read(DUMP, step=step)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM public.read ORDER BY id")
        assert cursor.fetchall() == [(1, None), (2, "\\."), (3, "café\nCOPY x FROM stdin;")]


def test_a_part_that_is_large_when_decompressed_is_read_in_blocks(db: None) -> None:
    """Reading each line from the whole of it took minutes with ten thousand medicines."""
    rows = "".join(f"{number}\t{'x' * 1000}\n" for number in range(20_000))
    data = gzip.compress(DUMP.replace("3\tcafé", f"{rows}3\tcafé", 1).encode())
    reader = DumpReader()
    tracemalloc.start()
    try:
        reader.feed(data)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        reader.abort()
    assert most < 6 * BLOCK, "the rows are 20 MB"


@pytest.mark.parametrize("command", ["\\! touch /tmp/x", "\\connect other", "\\i /etc/passwd"])
def test_a_command_of_psql_is_refused(db: None, command: str) -> None:
    with pytest.raises(DumpRefused, match="command of psql"):
        read(f"{command}\n{DUMP}")


@pytest.mark.parametrize("lines", range(7, 9))
def test_a_dump_that_ends_early_is_refused(db: None, lines: int) -> None:
    cut = "".join(DUMP.splitlines(keepends=True)[:lines])
    with pytest.raises(DumpRefused, match="ends early"):
        read(cut)


@pytest.mark.parametrize(
    ("installed", "server", "chosen"),
    [((15, 17, 18), 17, 17), ((15, 18), 16, 18), ((18,), 15, 18), ((15,), 16, None), ((), 15, None)],
)
def test_the_tool_is_of_the_servers_version_or_the_next_newer_one(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, installed: Any, server: int, chosen: int | None
) -> None:
    """Programs that print the version as pg_dump does."""
    for major in installed:
        program = tmp_path / str(major) / "bin" / "pg_dump"
        program.parent.mkdir(parents=True)
        program.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {major}.3 (Debian)'\n")
        program.chmod(0o755)
    monkeypatch.setattr(tools, "DEBIAN_FOLDER", tmp_path)
    monkeypatch.setattr(tools, "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    if chosen:
        assert find_pg_dump(server) == (tmp_path / str(chosen) / "bin" / "pg_dump", chosen)
    else:
        with pytest.raises(ToolMissing, match=f"Install the package postgresql-client-{server}"):
            find_pg_dump(server)

"""A database to restore into, and archives with any content."""

import gzip
import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from monographs.backup.archive import ArchiveWriter, part_name
from monographs.backup.encryption import encrypted
from monographs.backup.manifest import FORMAT, LedgerHead, Manifest, StoredFile
from monographs.document.canonical import sha256_hex
from tests.database import connected_to
from tests.deployment.conftest import database_url

MakeArchive = Callable[..., Path]


@pytest.fixture
def empty_database(transactional_db: None) -> Iterator[str]:
    """The name of an empty database on the tests' server."""
    name = f"{connection.settings_dict['NAME']}_restored"
    with psycopg.connect(database_url("postgres"), autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}"')
        yield name
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def elsewhere(empty_database: str, settings: Any, tmp_path: Path) -> Iterator[Path]:
    """Another machine: Django uses the empty database, and folders below the one that is returned."""
    folder = tmp_path / "elsewhere"
    use_folder(settings, folder)
    with connected_to(empty_database):
        yield folder


def use_folder(settings: Any, folder: Path) -> None:
    """Keep figures and uploads below ``folder`` from now on."""
    settings.MEDIA_ROOT = folder / "media"
    figures = {**settings.STORAGES["figures"], "OPTIONS": {"location": folder / "figures"}}
    settings.STORAGES = {**settings.STORAGES, "figures": figures}


@pytest.fixture
def make_archive(tmp_path: Path) -> MakeArchive:
    """Return a function that writes an archive with the given SQL and files."""

    def make(sql: str = "", files: dict[str, bytes] | None = None, keys: Any = (), **changes: Any) -> Path:
        path = tmp_path / "made.backup"
        parts = [gzip.compress(sql.encode())]
        with path.open("wb") as file, encrypted(file, list(keys)) as stream:
            archive = ArchiveWriter(stream)
            stored = {}
            for name, data in (files or {}).items():
                stored[name] = StoredFile(sha256=sha256_hex(data), size=len(data))
                archive.add_file(sha256_hex(data), io.BytesIO(data), len(data))
            for number, part in enumerate(parts):
                archive.add(part_name(number), io.BytesIO(part), len(part))
            contents: dict[str, Any] = {
                "format": FORMAT,
                "made_at": datetime(2026, 1, 31, 5, tzinfo=UTC),
                "postgresql": 18,
                "pg_dump": 18,
                "migrations": [],
                "ledger_head": LedgerHead(seq=0, hash="0" * 64),
                "database": list(map(sha256_hex, parts)),
                "files": stored,
                "missing": [],
            }
            archive.finish(Manifest(**contents | changes))
        return path

    return make

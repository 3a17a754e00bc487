"""Restore an archive into an empty database, all of it or nothing."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from monographs.backup.archive import BLOCK, FILES, archive_members, checked_manifest
from monographs.backup.bucket import BucketFile
from monographs.backup.dump_reader import DumpReader
from monographs.backup.file_stores import folders, read_whole
from monographs.backup.manifest import Manifest
from monographs.core.db_suitability import creation_fault, encoding_fault
from monographs.core.db_version import server_major
from monographs.core.whole_file import PART_ENDING, flush_folder
from monographs.core.work_progress import NO_PROGRESS, WorkProgress
from monographs.editions.ledger import GENESIS
from monographs.editions.roles import grant_application


class RestoreRefused(Exception):
    """The restore would overwrite something, or this server cannot take it; the message says what to do."""


@dataclass(frozen=True)
class Restored:
    """What was restored, and whether the release that made it had the same migrations as this one."""

    manifest: Manifest
    is_of_this_release: bool


def restore_backup(path: Path, key_file: Path | None, progress: WorkProgress = NO_PROGRESS) -> Restored:
    """Restore the archive at ``path`` into the settings' empty database, and its files into their folders.

    Raises ``ArchiveDamaged``, ``KeyRefused``, ``StorageNotAFolder`` or ``RestoreRefused`` before anything is
    changed, and undoes everything after any other exception. If the process is killed, the database is as it
    was, and files that were copied are found by the next attempt.
    """
    manifest = checked_manifest(path, key_file, progress)
    is_of_this_release = _is_of_this_release(manifest)
    _refuse_used_database()
    targets = _Targets(manifest)
    with targets.placed(), transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            for timeout in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
                cursor.execute(f"SET LOCAL {timeout} = 0")
        progress.step(
            "restoring", len(manifest.database) + len({f.sha256 for f in manifest.files.values()}), "parts"
        )
        _restore_members(path, key_file, targets, manifest, progress)
        _compare_head(manifest)
        if settings.APPLICATION_ROLE and is_of_this_release:
            grant_application(settings.APPLICATION_ROLE)
    progress.step("counting rows for the planner")
    connection.close()  # the dump has changed settings of the session
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # without statistics, the first queries would take very long
    return Restored(manifest, is_of_this_release)


def _is_of_this_release(manifest: Manifest) -> bool:
    """Whether nothing is left to migrate. Refuses a backup of a newer release."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    replaced = {key for migration in loader.replacements.values() for key in migration.replaces}
    known = {".".join(key) for key in {*loader.disk_migrations, *replaced}}
    if newer := sorted(set(manifest.migrations) - known):
        raise RestoreRefused(
            f"The backup was made by another, probably newer release: this one does not know "
            f"{', '.join(newer)}. Restore it with the release that made it, or with a newer one."
        )
    needed = {".".join(key) for key in loader.graph.nodes}
    return needed <= set(manifest.migrations)


_USED_SQL = """
    SELECT count(*), min(relname) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
"""


def _refuse_used_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_USED_SQL)
        count, example = cursor.fetchone()
    if count:
        raise RestoreRefused(
            f"The database already holds {count} tables and sequences, {example} among them, and a restore "
            "overwrites nothing. Create an empty one (deploy/roles.sql) and name it in the environment; a "
            "developer's own is emptied by `make reset`."
        )
    if reason := encoding_fault() or creation_fault():
        raise RestoreRefused(reason)


class _Targets:
    """Where the files of an archive belong on this machine."""

    def __init__(self, manifest: Manifest) -> None:
        """Raise ``RestoreRefused`` if a file of other content is in the way."""
        roots = folders()
        self._paths: dict[str, list[Path | BucketFile]] = {}
        self._made: list[Path | BucketFile] = []
        differing = []
        for name, stored in manifest.files.items():
            root, _, below = name.partition("/")
            path = roots[root] / below
            if not path.exists():
                self._paths.setdefault(stored.sha256, []).append(path)
            elif not path.is_file() or _sha256_of(path) != stored.sha256:
                differing.append(str(path))
        if differing:
            raise RestoreRefused(
                f"{len(differing)} files with other content are in the way, and a restore overwrites "
                f"nothing: {', '.join(differing[:5])}. Move them away, or name empty folders in "
                "FIGURES_ROOT and MEDIA_ROOT."
            )

    @contextmanager
    def placed(self) -> Iterator[None]:
        """Remove every file again that was written in the block, if it fails."""
        try:
            yield
        except BaseException:
            for path in self._made:
                path.unlink(missing_ok=True)
            raise

    def write(self, sha256: str, content: IO[bytes]) -> None:
        """Write a file's content to all its paths."""
        paths = self._paths.get(sha256, [])
        for path in paths:
            if path is not paths[0]:
                with paths[0].open("rb") as first:
                    self._write_one(path, first)
            else:
                self._write_one(path, content)

    def _write_one(self, path: Path | BucketFile, content: IO[bytes]) -> None:
        if isinstance(path, BucketFile):
            self._made.append(path)
            path.write(content)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, part = tempfile.mkstemp(dir=path.parent, prefix=f"{path.stem}-", suffix=PART_ENDING)
        self._made.append(Path(part))
        with open(descriptor, "wb") as file:
            while block := content.read(BLOCK):
                file.write(block)
            os.fchmod(descriptor, 0o644)
            file.flush()
            os.fsync(descriptor)
        Path(part).replace(path)
        self._made.append(path)
        flush_folder(path.parent)


def _sha256_of(path: Path | BucketFile) -> str:
    digest, _, copy = read_whole(path)
    copy.close()
    return digest


def _restore_members(
    path: Path, key_file: Path | None, targets: _Targets, manifest: Manifest, progress: WorkProgress
) -> None:
    reader = DumpReader()
    try:
        with archive_members(path, key_file) as members:
            for name, content in members:
                if name.startswith(FILES):
                    targets.write(name.removeprefix(FILES), content)
                elif name.startswith("database/"):
                    reader.feed(content.read())
                else:  # the manifest, which was read before
                    continue
                progress.advance()
        reader.finish()
    except psycopg.Error as error:
        raise RestoreRefused(_server_refusal(manifest, error)) from error
    finally:
        reader.abort()


def _server_refusal(manifest: Manifest, error: psycopg.Error) -> str:
    server = server_major()
    advice = (
        f" This server is PostgreSQL {server} and the backup was made on {manifest.postgresql}: restore it "
        f"on {manifest.postgresql} or a newer version."
        if server < manifest.postgresql
        else ""
    )
    return f"The server refused the backup, and nothing was restored: {str(error).strip()}{advice}"


def _compare_head(manifest: Manifest) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, hash FROM public.editions_ledgerentry ORDER BY seq DESC LIMIT 1")
        found = cursor.fetchone() or (0, GENESIS)
    wanted = manifest.ledger_head
    if found != (wanted.seq, wanted.hash):
        raise RestoreRefused(
            f"The restored ledger ends with {found[0]} {found[1]}, and the manifest says {wanted.seq} "
            f"{wanted.hash}. Nothing was restored."
        )

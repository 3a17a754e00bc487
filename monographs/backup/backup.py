"""Write an archive while people go on working.

Files are copied before the database's snapshot, and after it those that are new or changed. So a file to
which the snapshot refers is in the archive even if its upload is deleted a moment later.
"""

import fcntl
import glob
import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from monographs.backup.archive import ArchiveWriter, part_name
from monographs.backup.encryption import encrypted
from monographs.backup.file_stores import read_whole, referenced_files, stored_files, version_of
from monographs.backup.manifest import FIGURES, FORMAT, LedgerHead, Manifest, StoredFile
from monographs.backup.snapshot import Snapshot, database_snapshot
from monographs.core.db_clock import database_now
from monographs.core.whole_file import PART_ENDING, flush_folder
from monographs.core.work_progress import WorkProgress
from monographs.document.canonical import sha256_hex
from monographs.editions.ledger import head

#: How often an archive is begun again because uploads were deleted while it was written.
ATTEMPTS = 3


class FileCopies:
    """The files copied into an archive so far."""

    def __init__(self, archive: ArchiveWriter) -> None:
        self._archive = archive
        self._versions: dict[str, tuple[int, int] | None] = {}
        self.files: dict[str, StoredFile] = {}

    def add_new(self, progress: WorkProgress) -> None:
        """Copy every file that is new, or was written again since the last time."""
        for name, path in stored_files():
            progress.advance()
            version = version_of(path)
            if version is None or self._versions.get(name) == version:
                continue
            with suppress(FileNotFoundError):  # deleted meanwhile
                digest, size, content = read_whole(path)
                with closing(content):
                    self._archive.add_file(digest, content, size)
                self.files[name] = StoredFile(sha256=digest, size=size)
                self._versions[name] = version

    def missing(self, referenced: set[str]) -> list[str]:
        """Return the referenced files that were not copied, and the figures with bytes of another hash."""
        damaged = {
            name
            for name, stored in self.files.items()
            if name.startswith(f"{FIGURES}/") and PurePosixPath(name).stem != stored.sha256
        }
        return sorted((referenced - self.files.keys()) | (damaged & referenced))


def make_backup(path: Path, recipients: list[Any], progress: WorkProgress) -> Manifest:
    """Write an archive to ``path``, completely or not at all, readable by its owner only.

    It is encrypted if there are ``recipients`` (``encryption.recipient``). Returns its manifest. Raises
    ``ToolMissing``, ``DumpFailed``, ``StorageNotAFolder``, ``DatabaseError`` or ``OSError``.
    """
    _refuse_place(path)
    for attempt in range(1, ATTEMPTS + 1):
        with suppress(_FilesDeleted), _new_file(path) as file:
            with encrypted(file, recipients) as stream, ArchiveWriter(stream) as archive:
                manifest = _write(archive, progress)
            if attempt < ATTEMPTS and set(manifest.missing) - referenced_files():
                progress.say("Files were deleted meanwhile; beginning again.")
                raise _FilesDeleted
            return manifest
    raise AssertionError("the last attempt returns")


def _refuse_place(path: Path) -> None:
    """Raise ``OSError`` if no file can be at ``path``, or what is there is none: a folder, a device."""
    if not path.parent.is_dir():
        raise NotADirectoryError(f"there is no folder {path.parent}. Make it, or name another.")
    if path.exists() and not path.is_file():
        raise FileExistsError(f"{path} is no file that could be replaced. Name one, e.g. {path}.backup.")


class _FilesDeleted(Exception):
    """The archive lacks files that its snapshot refers to, and that nobody needs any more."""


def _write(archive: ArchiveWriter, progress: WorkProgress) -> Manifest:
    copies = FileCopies(archive)
    progress.step("copying files", sum(1 for _ in stored_files()), "files")
    copies.add_new(progress)
    progress.step("copying the database", unit="MB")
    with database_snapshot() as snapshot:
        made_at, seq_and_hash, migrations = database_now(), head(), _applied_migrations()
        parts = list(_add_dump(archive, snapshot, progress))
        referenced = referenced_files()
    progress.step("copying files that are new", unit="files looked at")
    copies.add_new(progress)
    manifest = Manifest(
        format=FORMAT,
        made_at=made_at,
        postgresql=snapshot.server_major,
        pg_dump=snapshot.pg_dump_major,
        migrations=migrations,
        ledger_head=LedgerHead(seq=seq_and_hash[0], hash=seq_and_hash[1]),
        database=parts,
        files=copies.files,
        missing=copies.missing(referenced),
    )
    archive.finish(manifest)
    return manifest


def _add_dump(archive: ArchiveWriter, snapshot: Snapshot, progress: WorkProgress) -> Iterator[str]:
    """Add the dump; yield the SHA-256 of each part."""
    for number, part in enumerate(snapshot.dump()):
        archive.add(part_name(number), io.BytesIO(part), len(part))
        progress.advance(max(1, len(part) >> 20))
        yield sha256_hex(part)


def _applied_migrations() -> list[str]:
    return sorted(".".join(key) for key in MigrationRecorder(connection).applied_migrations())


@contextmanager
def _new_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that becomes ``path`` at the end, flushed to disk; after an error nothing is left of it."""
    remove_left_over(path.parent, glob.escape(path.name))
    descriptor, part = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}-", suffix=PART_ENDING)  # 0600
    try:
        with open(descriptor, "wb") as file:
            with suppress(OSError):  # a file system without locks
                fcntl.flock(file, fcntl.LOCK_EX)  # until it is closed: see `remove_left_over`
            yield file
            file.flush()
            os.fsync(descriptor)
        Path(part).replace(path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
    flush_folder(path.parent)


def remove_left_over(folder: Path, names: str) -> None:
    """Remove what processes left in ``folder`` that were killed while they wrote the backups of these names.

    ``names`` is a pattern (glob). A file that is being written is locked, and stays.
    """
    for part in folder.glob(f"{names}-*{PART_ENDING}"):
        with suppress(OSError), part.open("rb") as file:  # another process may have removed it
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            part.unlink()

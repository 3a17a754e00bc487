"""The format of an archive: a tar of parts of the dump, of files named by their hash, and of a manifest.

It is written and read as a stream, so it may be encrypted and needs no second copy on disk::

    database/000000.sql.gz …   parts of one gzip file: plain SQL by pg_dump
    files/<sha256>             the bytes of figures and uploads
    manifest.json              what belongs where (``manifest.py``)
    manifest.sha256            the manifest's own hash
"""

import hashlib
import io
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Self

from pydantic import ValidationError

from monographs.backup.encryption import decrypted
from monographs.backup.manifest import FORMAT, Manifest
from monographs.core.work_progress import NO_PROGRESS, WorkProgress
from monographs.document.canonical import sha256_hex

MANIFEST, MANIFEST_HASH = "manifest.json", "manifest.sha256"
FILES = "files/"
#: Most bytes that are read at once.
BLOCK = 1 << 20
#: Most faults that a message lists.
LISTED = 20


class ArchiveDamaged(Exception):
    """The archive is not what was written; ``faults`` names each difference."""

    def __init__(self, faults: list[str]) -> None:
        more = [f"… and {len(faults) - LISTED} more"] if len(faults) > LISTED else []
        super().__init__("\n".join(faults[:LISTED] + more))
        self.faults = faults


def part_name(number: int) -> str:
    """Return the name of a part of the dump."""
    return f"database/{number:06}.sql.gz"


class ArchiveWriter:
    """Adds members to an archive that is written to ``stream``; a context manager, which ends it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._tar = tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self._files: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        # After an error: left open, the tar would write its rest when it is freed, and fail once more
        with suppress(OSError):
            self._tar.close()

    def add(self, name: str, content: IO[bytes], size: int) -> None:
        """Add ``size`` bytes of ``content``."""
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        self._tar.addfile(member, content)

    def add_file(self, sha256: str, content: IO[bytes], size: int) -> None:
        """Add the content of a file unless it is in the archive already."""
        if sha256 not in self._files:
            self.add(FILES + sha256, content, size)
            self._files.add(sha256)

    def finish(self, manifest: Manifest) -> None:
        """Add the manifest, and end the archive."""
        data = manifest.model_dump_json(indent=1).encode()
        for name, content in ((MANIFEST, data), (MANIFEST_HASH, sha256_hex(data).encode())):
            self.add(name, io.BytesIO(content), len(content))
        self._tar.close()


@contextmanager
def archive_members(path: Path, key_file: Path | None) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    """The names and contents of an archive's members, in order; each must be read before the next.

    Raises ``ArchiveDamaged`` if the file is no complete archive, ``KeyRefused`` if it cannot be decrypted.
    """
    with path.open("rb") as file, decrypted(file, key_file) as stream:
        try:
            with tarfile.open(fileobj=stream, mode="r|") as tar:
                yield _members(tar)
        except (tarfile.TarError, EOFError) as error:
            raise ArchiveDamaged([f"{path} is no complete archive: {error}"]) from error
        while stream.read(BLOCK):  # its last bytes are authenticated, too
            pass


def _members(tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for member in tar:
        content = tar.extractfile(member)
        if content is None:
            raise ArchiveDamaged([f"{member.name!r} is not a file"])
        yield member.name, content


def checked_manifest(path: Path, key_file: Path | None, progress: WorkProgress = NO_PROGRESS) -> Manifest:
    """Read the whole archive and return its manifest. Raises ``ArchiveDamaged`` naming every difference."""
    hashes: dict[str, str] = {}
    texts: dict[str, bytes] = {}
    with archive_members(path, key_file) as members:
        progress.step("checking the backup", unit="parts")
        for name, content in members:
            progress.advance()
            if name in (MANIFEST, MANIFEST_HASH):
                texts[name] = content.read()
            elif name in hashes:
                raise ArchiveDamaged([f"{name} is in the archive twice"])
            else:
                hashes[name] = _sha256(content)
    manifest = _manifest(texts)
    if faults := list(_differences(manifest, hashes)):
        raise ArchiveDamaged(faults)
    return manifest


def _sha256(content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := content.read(BLOCK):
        digest.update(block)
    return digest.hexdigest()


def _manifest(texts: dict[str, bytes]) -> Manifest:
    if MANIFEST not in texts:
        raise ArchiveDamaged([f"{MANIFEST} is missing: this is no backup, or its end is missing"])
    if texts.get(MANIFEST_HASH, b"").decode("ascii", "replace") != sha256_hex(texts[MANIFEST]):
        raise ArchiveDamaged([f"{MANIFEST} does not have the hash in {MANIFEST_HASH}"])
    if (known := re.search(rb'"format": ?(\d+)', texts[MANIFEST])) and int(known[1]) > FORMAT:
        raise ArchiveDamaged(
            [f"{MANIFEST} has format {int(known[1])} of a newer release: restore with that release"]
        )
    try:
        return Manifest.model_validate_json(texts[MANIFEST])
    except ValidationError as error:
        raise ArchiveDamaged([f"{MANIFEST}: {error}"]) from error


def _differences(manifest: Manifest, hashes: dict[str, str]) -> Iterator[str]:
    """Name each member that is missing, changed, or not in the manifest."""
    wanted = {part_name(number): digest for number, digest in enumerate(manifest.database)}
    paths = {FILES + stored.sha256: path for path, stored in manifest.files.items()}
    wanted |= {name: name.removeprefix(FILES) for name in paths}
    for name, digest in wanted.items():
        what = f"{paths[name]} ({name})" if name in paths else name
        if name not in hashes:
            yield f"{what} is missing"
        elif hashes[name] != digest:
            yield f"{what} was changed: its SHA-256 is {hashes[name]}, and the manifest says {digest}"
    for name in hashes.keys() - wanted.keys():
        if not name.startswith(FILES) or name != FILES + hashes[name]:
            yield f"{name} is not in the manifest"

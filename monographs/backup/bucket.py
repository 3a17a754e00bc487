"""Files in an object store, with the few methods of a path that backups use."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any, Protocol

from django.core.files.base import File

#: Files up to this size are copied in memory, others by a temporary file. In bytes.
IN_MEMORY = 16 << 20


class ObjectStore(Protocol):
    """What a storage that is no folder must offer (``monographs/core/s3_storage.py``)."""

    def stored_objects(self) -> Iterator[tuple[str, tuple[int, int]]]: ...
    def open(self, name: str, mode: str = "rb") -> Any: ...
    def save(self, name: str, content: Any) -> str: ...
    def exists(self, name: str) -> bool: ...
    def delete(self, name: str) -> None: ...


@dataclass(frozen=True)
class BucketFile:
    """A file that is there, or will be."""

    store: ObjectStore
    name: str
    #: What changes whenever it is written, as it was listed.
    version: tuple[int, int] | None = None

    def __str__(self) -> str:
        return self.name

    def exists(self) -> bool:
        """Whether the file is there."""
        return self.store.exists(self.name)

    def is_file(self) -> bool:
        """Return true: an object store has no folders."""
        return True

    def open(self, mode: str = "rb") -> IO[bytes]:
        """Return the file's bytes to read. Raises ``FileNotFoundError``, ``OSError``."""
        opened: IO[bytes] = self.store.open(self.name, mode)
        return opened

    def write(self, content: IO[bytes]) -> None:
        """Store ``content``: an object is written completely or not at all."""
        with tempfile.SpooledTemporaryFile(
            max_size=IN_MEMORY
        ) as copy:  # a part of an archive cannot be sought
            shutil.copyfileobj(content, copy)
            self.store.save(self.name, File(copy))

    def unlink(self, *, missing_ok: bool = False) -> None:
        """Remove the file."""
        with suppress(FileNotFoundError):
            self.store.delete(self.name)


@dataclass(frozen=True)
class Bucket:
    """All files of a store."""

    store: ObjectStore

    def __truediv__(self, below: str) -> BucketFile:
        return BucketFile(self.store, below)

    def files(self) -> Iterator[BucketFile]:
        """Yield every file, in the order of names."""
        for name, version in self.store.stored_objects():
            yield BucketFile(self.store, name, version)

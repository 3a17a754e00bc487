"""Files that are written completely or not at all."""

import os
import tempfile
from pathlib import Path

#: The ending of a file that is being written. A process that dies leaves it, and nothing reads it.
PART_ENDING = ".part"


def write_whole(file: Path, data: bytes, mode: int | None = 0o644) -> None:
    """Write ``data`` to ``file``, with its rights, and flush both to disk; after an error it is as it was.

    Without ``mode`` only its owner can read it. Raises ``OSError``.
    """
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f"{file.stem}-", suffix=PART_ENDING)
    part = Path(name)
    try:
        with open(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            if mode is not None:
                os.fchmod(descriptor, mode)
            os.fsync(descriptor)
        part.replace(file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    flush_folder(file.parent)


def flush_folder(folder: Path) -> None:
    """Flush the entries of ``folder`` to disk, so that a rename survives a power loss."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

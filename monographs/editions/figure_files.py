"""Figure files, named by the SHA-256 of their bytes, which is checked at every read."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path, PurePath

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, storages

from monographs.document.canonical import sha256_hex
from monographs.document.parts import Figure


class FigureFileError(Exception):
    """A figure file is missing, or its bytes are not those of its hash."""


def figure_bytes(file_name: str) -> bytes:
    """Return the bytes of a figure file.

    Raises ``FigureFileError`` if the file is missing or does not match the hash in its name.
    """
    try:
        with storages[settings.FIGURE_STORAGE].open(file_name) as stored:
            data: bytes = stored.read()
    except OSError as error:
        raise FigureFileError(f"figure file {file_name} is missing") from error
    if sha256_hex(data) != PurePath(file_name).stem:
        raise FigureFileError(f"figure file {file_name} does not match its hash")
    return data


def store_figure(figure: Figure, data: bytes) -> None:
    """Store ``data`` as the file of ``figure``, completely or not at all; replaces a damaged file.

    Raises ``FigureFileError`` if ``data`` does not have the figure's hash, ``OSError`` if the disk is full.
    """
    if sha256_hex(data) != figure.sha256:
        raise FigureFileError(f"figure file {figure.file_name}: the image changed while it was read")
    storage = storages[settings.FIGURE_STORAGE]
    try:
        figure_bytes(figure.file_name)
    except FigureFileError:
        if isinstance(storage, FileSystemStorage):
            _write_atomically(storage, figure.file_name, data)
        else:  # object stores write an object completely or not at all
            storage.delete(figure.file_name)
            storage.save(figure.file_name, ContentFile(data))


def _write_atomically(storage: FileSystemStorage, file_name: str, data: bytes) -> None:
    """Write to a temporary file, flush it to disk and rename it.

    A process that dies before the rename leaves a ``.part`` file, which nothing reads. The submission that
    needs the file is committed later, so after a power loss no row refers to bytes that were lost.
    """
    path = Path(storage.path(file_name))
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, part = tempfile.mkstemp(dir=path.parent, prefix=f"{path.stem}-", suffix=".part")
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            if storage.file_permissions_mode is not None:
                os.fchmod(descriptor, storage.file_permissions_mode)
            os.fsync(descriptor)
        Path(part).replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(part).unlink()
        raise
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Flush the entries of ``folder`` to disk, so that a rename survives a power loss."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""Figure files: kept under the hash of their bytes, and never believed without it."""

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
    """The file of a figure is missing or is not what was pinned."""


def figure_bytes(file_name: str) -> bytes:
    """The pinned bytes of a file, which is named by their hash.

    Raises ``FigureFileError`` if the store no longer has exactly them.
    """
    try:
        with storages[settings.FIGURE_STORAGE].open(file_name) as stored:
            data: bytes = stored.read()
    except OSError as error:
        raise FigureFileError(f"figure {file_name}: its file is missing") from error
    if sha256_hex(data) != PurePath(file_name).stem:
        raise FigureFileError(f"figure {file_name}: its file does not match its hash")
    return data


def store_figure(figure: Figure, data: bytes) -> None:
    """Store ``data`` as ``figure``, whole and for good, in the place of a file that is not what it should be.

    Raises ``FigureFileError`` if ``data`` is not what ``figure`` names, ``OSError`` if there is no room.
    """
    if sha256_hex(data) != figure.sha256:
        raise FigureFileError(f"figure {figure.file_name}: the picture changed while it was read")
    storage = storages[settings.FIGURE_STORAGE]
    try:
        figure_bytes(figure.file_name)
    except FigureFileError:
        if isinstance(storage, FileSystemStorage):
            _write_whole(storage, figure.file_name, data)
        else:  # object stores take an object whole or not at all
            storage.delete(figure.file_name)
            storage.save(figure.file_name, ContentFile(data))


def _write_whole(storage: FileSystemStorage, file_name: str, data: bytes) -> None:
    """Write a file under another name, and give it its own only when the disk has all of it.

    A process that dies on the way leaves a ``.part`` behind, which nothing reads. The submission that
    needs the file is committed later, so after a loss of power no record points to bytes that were lost.
    """
    whole = Path(storage.path(file_name))
    whole.parent.mkdir(parents=True, exist_ok=True)
    descriptor, part = tempfile.mkstemp(dir=whole.parent, prefix=f"{whole.stem}-", suffix=".part")
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            if storage.file_permissions_mode is not None:
                os.fchmod(descriptor, storage.file_permissions_mode)
            os.fsync(descriptor)
        Path(part).replace(whole)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(part).unlink()
        raise
    _flush_folder(whole.parent)


def _flush_folder(folder: Path) -> None:
    """See that a new name in ``folder`` outlives a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""Figure files, named by the SHA-256 of their bytes, which is checked at every read."""

from pathlib import Path, PurePath

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, storages

from monographs.core.whole_file import write_whole
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
            # The submission that needs it is committed later: no row refers to a file that a power loss took
            path = Path(storage.path(figure.file_name))
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, data, storage.file_permissions_mode)
        else:  # object stores write an object completely or not at all
            storage.delete(figure.file_name)
            storage.save(figure.file_name, ContentFile(data))

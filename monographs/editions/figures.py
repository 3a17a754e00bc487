"""Figure files: kept under the hash of their bytes, and never believed without it."""

from pathlib import PurePath

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from monographs.document.canonical import sha256_hex
from monographs.document.parts import Figure


class FigureLost(Exception):
    """The file of a figure is missing or is not what was pinned."""


def figure_bytes(file_name: str) -> bytes:
    """The pinned bytes of a file, which is named by their hash.

    Raises ``FigureLost`` if the store no longer has exactly them.
    """
    try:
        with storages[settings.FIGURE_STORAGE].open(file_name) as stored:
            data: bytes = stored.read()
    except OSError as error:
        raise FigureLost(f"figure {file_name}: its file is missing") from error
    if sha256_hex(data) != PurePath(file_name).stem:
        raise FigureLost(f"figure {file_name}: its file does not match its hash")
    return data


def keep_figure(figure: Figure, data: bytes) -> None:
    """Store ``data`` as ``figure``; a file of that name that holds anything else is replaced."""
    if sha256_hex(data) != figure.sha256:
        raise FigureLost(f"figure {figure.file_name}: the picture changed while it was read")
    storage = storages[settings.FIGURE_STORAGE]
    try:
        figure_bytes(figure.file_name)
    except FigureLost:
        storage.delete(figure.file_name)
        storage.save(figure.file_name, ContentFile(data))

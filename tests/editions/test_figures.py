"""Figure files are stored completely or not at all."""

import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from monographs.document.canonical import sha256_hex
from monographs.document.parts import Figure
from monographs.editions.figure_files import FigureFileError, figure_bytes, store_figure

BYTES = bytes(range(256)) * 1000
FIGURE = Figure(sha256=sha256_hex(BYTES), media_type="image/png", width=4, height=3, alt="A pump", caption="")


@pytest.fixture
def folder(figure_files: None) -> Path:
    """The folder of the figure files."""
    return Path(storages["figures"].path(""))


@contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """Limit files to ``size`` bytes, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_stored_figure_is_one_file_that_a_web_server_may_read(folder: Path) -> None:
    store_figure(FIGURE, BYTES)
    store_figure(FIGURE, BYTES)
    assert figure_bytes(FIGURE.file_name) == BYTES
    (file,) = folder.iterdir()
    assert (file.name, stat.S_IMODE(file.stat().st_mode)) == (FIGURE.file_name, 0o644)


def test_a_failed_write_leaves_no_file(folder: Path) -> None:
    with file_size_limit(len(BYTES) // 2), pytest.raises(OSError, match="File too large"):
        store_figure(FIGURE, BYTES)
    assert list(folder.iterdir()) == []


def test_a_damaged_file_is_replaced_only_by_the_complete_figure(folder: Path) -> None:
    half = BYTES[: len(BYTES) // 2]
    storages["figures"].save(FIGURE.file_name, ContentFile(half))
    with file_size_limit(len(half)), pytest.raises(OSError, match="File too large"):
        store_figure(FIGURE, BYTES)
    assert [file.read_bytes() for file in folder.iterdir()] == [half]
    with pytest.raises(FigureFileError, match="does not match its hash"):
        figure_bytes(FIGURE.file_name)
    store_figure(FIGURE, BYTES)
    assert [file.read_bytes() for file in folder.iterdir()] == [BYTES]


def test_bytes_with_another_hash_are_not_stored(folder: Path) -> None:
    with pytest.raises(FigureFileError, match="changed while it was read"):
        store_figure(FIGURE, BYTES[1:])
    assert not folder.exists()


def test_figures_can_be_stored_elsewhere_than_in_a_folder(settings: Any) -> None:
    memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = {**settings.STORAGES, settings.FIGURE_STORAGE: memory}
    store_figure(FIGURE, BYTES)
    assert figure_bytes(FIGURE.file_name) == BYTES

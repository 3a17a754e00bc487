"""Folders with a brand."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from monographs.core.brand.brand import Brand, read_brand
from monographs.styleguide.views import SAMPLE_FOLDER

#: Changes the text of ``brand.toml`` and returns the folder.
MakeFolder = Callable[..., Path]


@pytest.fixture
def brand_folder(tmp_path: Path) -> MakeFolder:
    """A function that copies the sample brand with replacements in its file."""

    def make(*replacements: tuple[str, str]) -> Path:
        folder = tmp_path / "brand"
        shutil.copytree(SAMPLE_FOLDER, folder)
        file = folder / "brand.toml"
        text = file.read_text("utf-8")
        for old, new in replacements:
            assert old in text, old
            text = text.replace(old, new)
        file.write_text(text, "utf-8")
        return folder

    return make


@pytest.fixture
def sample_brand() -> Brand:
    """The brand of the style guide."""
    return read_brand(str(SAMPLE_FOLDER))

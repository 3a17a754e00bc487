from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages

from tests.conftest import run_deferred_constraints


@pytest.fixture(autouse=True)
def the_database_agrees(db: None) -> Iterator[None]:
    """Whatever a test published must have been fit to commit."""
    yield
    run_deferred_constraints()


@pytest.fixture
def figure_storage(settings: Any, tmp_path: Path) -> Any:
    """A storage of pinned figures for one test."""
    settings.STORAGES = {
        **settings.STORAGES,
        settings.FIGURE_STORAGE: {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        },
    }
    return storages[settings.FIGURE_STORAGE]

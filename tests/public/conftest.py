from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages

from tests.conftest import run_deferred_constraints


@pytest.fixture(autouse=True)
def check_deferred_constraints(db: None) -> Iterator[None]:
    """Run the deferred constraints after each test: everything it published must be committable."""
    yield
    run_deferred_constraints()


@pytest.fixture
def figure_storage(settings: Any, tmp_path: Path) -> Any:
    """A figure storage in a temporary directory."""
    settings.STORAGES = {
        **settings.STORAGES,
        settings.FIGURE_STORAGE: {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        },
    }
    return storages[settings.FIGURE_STORAGE]

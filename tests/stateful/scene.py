"""A database and folders for the machine where no pytest provides them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files.storage import storages
from django.db import connection
from django.test.utils import override_settings


@contextmanager
def database_of_its_own(name: str) -> Iterator[None]:
    """A fresh test database called ``name``, gone afterwards."""
    connection.settings_dict["TEST"]["NAME"] = name
    kept = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(kept, verbosity=0)


@contextmanager
def figures_of_its_own(folder: Path) -> Iterator[None]:
    """Pictures and pinned figures of this run only."""
    files = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": folder / "figures"},
    }
    changed = {**settings.STORAGES, "figures": files}
    with override_settings(MEDIA_ROOT=folder / "media", STORAGES=changed, ALLOWED_HOSTS=["*"]):
        storages.backends  # noqa: B018  # read once under the changed settings
        yield

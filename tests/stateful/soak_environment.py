"""A database and file storage for runs outside pytest."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files.storage import storages
from django.db import connection
from django.test.utils import override_settings


@contextmanager
def temporary_database(name: str) -> Iterator[None]:
    """Create a migrated database called ``name``; drop it afterwards."""
    connection.settings_dict["TEST"]["NAME"] = name
    original = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(original, verbosity=0)


@contextmanager
def temporary_storage(folder: Path) -> Iterator[None]:
    """Keep uploads and figures below ``folder``."""
    files = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": folder / "figures"},
    }
    changed = {**settings.STORAGES, "figures": files}
    with override_settings(MEDIA_ROOT=folder / "media", STORAGES=changed, ALLOWED_HOSTS=["*"]):
        storages.backends  # noqa: B018  # read once under the changed settings
        yield

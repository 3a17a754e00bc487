"""The folders that the service writes to, and static files."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.checks import CheckMessage, Error, Warning
from django.core.files.storage import FileSystemStorage, storages

from monographs.site_checks.service_statistics import (
    OPTIONAL_FOLDERS,
    free_bytes,
    scheduler_folders,
    upload_folders,
    written_folders,
)
from monographs.site_checks.site_check import site_check

#: Room for figures and uploads, in bytes: below the first, somebody should act; below the second, soon nobody
#: can submit a text with a picture. A picture is at most some 20 MB.
LITTLE_ROOM, NO_ROOM = 2 << 30, 100 << 20


@site_check(at_start=True, is_quick=True, manual="A disk is full")
def folders_writable() -> Iterator[CheckMessage]:
    """Figures and uploads can be stored."""
    yield from _unwritable(upload_folders())


@site_check(manual="A disk is full")
def scheduler_folders_writable() -> Iterator[CheckMessage]:
    """Backups and heads of the ledger can be stored."""
    # Not of each process: web processes have no right to change backups, and their confinement says so
    yield from _unwritable(scheduler_folders())


def _unwritable(folders: Iterable[tuple[str, Path]]) -> Iterator[CheckMessage]:
    for name, folder in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder) as probe:
                probe.write(b"x")
        except OSError as error:
            yield Error(
                f"{name}={folder} cannot be written to by user {os.geteuid()}: {error.strerror}.",
                hint=f"chown {os.geteuid()} {folder} (a container's volume), or name another in {name}.",
            )


@site_check(at_start=True)
def folder_names() -> Iterator[CheckMessage]:
    """Folders are named from the root, so that each process means the same one."""
    given = {name: getattr(settings, name) for name in ("STATIC_ROOT", "MEDIA_ROOT", *OPTIONAL_FOLDERS)}
    figures: Any = settings.STORAGES[settings.FIGURE_STORAGE]
    if isinstance(storages[settings.FIGURE_STORAGE], FileSystemStorage):
        given["FIGURES_ROOT"] = figures.get("OPTIONS", {}).get("location", "")
    for name, folder in given.items():
        if folder and not Path(folder).is_absolute():
            yield Error(
                f"{name}={folder} is another folder for each process, by where it was started.",
                hint=f"Name it from the root, e.g. {name}=/srv/{Path(folder).name}.",
            )


@site_check(is_quick=True, manual="A disk is full")
def disk_room() -> Iterator[CheckMessage]:
    """There is room for figures and uploads."""
    for name, folder in written_folders():
        free = free_bytes(folder)
        if free < LITTLE_ROOM:
            kind = Error if free < NO_ROOM else Warning
            yield kind(
                f"{name}={folder} has {free >> 20} MB left.",
                hint="Enlarge the volume, or move other things away from it. Figures must not be deleted.",
            )


@site_check(at_start=True, unfit="static files are missing")
def static_files() -> Iterator[CheckMessage]:
    """Static files are collected, all of them."""
    storage: Any = staticfiles_storage
    if not hasattr(storage, "load_manifest"):  # names without hashes, as in development
        return
    remedy = "Run `manage.py collectstatic --noinput` with this release (the image did), or set STATIC_ROOT."
    listed = storage.load_manifest()[0]
    if not listed:
        yield Error(f"STATIC_ROOT={settings.STATIC_ROOT} holds no list of static files.", hint=remedy)
    missing = [name for name in listed.values() if not Path(storage.path(name)).exists()]
    if missing:
        yield Error(f"{len(missing)} static files are missing, {missing[0]} among them.", hint=remedy)

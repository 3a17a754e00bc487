"""The folders of figures and uploads, and which of their files the database refers to."""

import hashlib
import json
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, cast

from django.apps import apps
from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage, storages
from django.db.models import FileField
from wagtail.images.models import AbstractRendition

from monographs.backup.archive import BLOCK
from monographs.backup.bucket import IN_MEMORY, Bucket, BucketFile, ObjectStore
from monographs.backup.manifest import FIGURES, UPLOADS
from monographs.core.whole_file import PART_ENDING
from monographs.editions.models import EditionFigure
from monographs.editions.record.text_facts import figures_of

#: What a canonical text with a figure contains.
_FIGURE = '"kind":"figure"'


class StorageNotAFolder(Exception):
    """Figures or uploads are in a store that cannot be listed, so it has to be backed up by its own means."""


def folders() -> dict[str, Path | Bucket]:
    """Return the folder or bucket of each store by its name in archives."""
    found: dict[str, Path | Bucket] = {}
    for name, storage in ((FIGURES, storages[settings.FIGURE_STORAGE]), (UPLOADS, default_storage)):
        if isinstance(storage, FileSystemStorage):
            found[name] = Path(storage.location)
        elif hasattr(storage, "stored_objects"):
            found[name] = Bucket(cast("ObjectStore", storage))
        else:
            raise StorageNotAFolder(f"The storage of {name} is no folder; back it up by its own means.")
    return found


def stored_files() -> Iterator[tuple[str, Path | BucketFile]]:
    """Yield every file as its path in archives and where it is."""
    for name, folder in folders().items():
        if isinstance(folder, Bucket):
            yield from ((f"{name}/{file.name}", file) for file in folder.files())
            continue
        for path in sorted(folder.rglob("*")):
            if path.suffix != PART_ENDING and path.is_file():
                yield f"{name}/{path.relative_to(folder).as_posix()}", path


def version_of(path: Path | BucketFile) -> tuple[int, int] | None:
    """Return what changes whenever a file is written, or None if there is no such file."""
    if isinstance(path, BucketFile):
        return path.version
    with suppress(FileNotFoundError):
        found = path.stat()
        return found.st_size, found.st_mtime_ns
    return None


def read_whole(path: Path | BucketFile) -> tuple[str, int, IO[bytes]]:
    """Return the SHA-256, the size in bytes and a copy of a file's bytes as they are now."""
    copy = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # the caller closes it
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            copy.write(block)
    size = copy.tell()
    copy.seek(0)
    return digest.hexdigest(), size, copy


def referenced_files() -> set[str]:
    """Return the paths in archives of all files that rows of the database refer to.

    Sizes of pictures that Wagtail makes again when they are missing (renditions) are left out.
    """
    found = {f"{FIGURES}/{name}" for name in EditionFigure.objects.values_list("file_name", flat=True)}
    submissions = apps.get_model("review", "Submission").objects.filter(canonical__contains=_FIGURE)
    for text in submissions.values_list("canonical", flat=True).iterator():
        found |= {f"{FIGURES}/{name}" for _, name in figures_of(json.loads(text))}
    for model in apps.get_models():
        if not issubclass(model, AbstractRendition):
            found |= {f"{UPLOADS}/{name}" for name in _upload_names(model)}
    return found


def _upload_names(model: Any) -> Iterator[str]:
    for field in model._meta.get_fields():
        if isinstance(field, FileField) and not model._meta.proxy:
            names = model._default_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True)
            yield from filter(None, names)

"""The storage of uploads. No picture is stored as it came, by whichever route, and no file in part."""

import os
import shutil
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage

from monographs.core.clean_image import CleanImage, clean_image

#: Folders of pictures: Wagtail's images and its users' profile pictures.
IMAGE_FOLDERS = ("original_images/", "avatar_images/")


class CleanPictures(Storage):
    """A storage of uploads. Forms clean pictures before, for their messages; other routes get here."""

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        """Store a file; a picture is cleaned first. Raises ``ImageRefused`` for an unusable one."""
        name = name or content.name
        if name.startswith(IMAGE_FOLDERS):
            if not isinstance(_innermost(content), CleanImage):
                content = clean_image(content, name)
            name = f"{name.rpartition('.')[0]}.{content.name.rpartition('.')[2]}"
        return super().save(name, content, max_length)


class UploadStorage(CleanPictures, FileSystemStorage):
    """Files below ``MEDIA_ROOT``. A file has its name once it is written: a full disk leaves nothing."""

    def _save(self, name: str, content: Any) -> str:
        root = Path(self.location)
        root.mkdir(parents=True, exist_ok=True)
        handle, written = mkstemp(prefix=".upload-", dir=root)
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk.encode() if isinstance(chunk, str) else chunk)
            # A name that nobody else gets, with its rights
            saved: str = super()._save(name, ContentFile(b""))  # type: ignore[misc]  # not in the stubs
            shutil.copystat(self.path(saved), written)
            os.replace(written, self.path(saved))
        except BaseException:
            Path(written).unlink(missing_ok=True)
            raise
        return saved


def _innermost(content: Any) -> Any:
    """Return the file that Django's and Wagtail's wrappers hold."""
    while (
        isinstance(content, File) and not isinstance(content, CleanImage) and isinstance(content.file, File)
    ):
        content = content.file
    return content

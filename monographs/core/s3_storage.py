"""Figures and uploads in a private bucket of an S3-compatible object store.

Only the service reads the bucket: figures leave through ``/figures/`` and uploads through the admin, with the
checks and headers that files in folders have. No page links to the store, so none of its addresses is ever
public ([decision 52](../../docs/decisions/0052-files-in-an-object-store.md)).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile, File
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

from monographs.core.upload_storage import CleanPictures


class BucketStorage(S3Storage):
    """Files below a prefix of a bucket. What goes wrong is an ``OSError``, as on a disk."""

    def __init__(self, *, base_url: str, **options: Any) -> None:
        self.base_url = base_url
        super().__init__(**options)

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """Return the service's own address of a file."""
        return f"{self.base_url}{filepath_to_uri(name)}"

    def stored_objects(self) -> Iterator[tuple[str, tuple[int, int]]]:
        """Yield the name of each file, and what changes when it is written: its size and its time in ns."""
        prefix = f"{self.location.strip('/')}/"
        with _errors_of_the_store():
            for found in self.bucket.objects.filter(Prefix=prefix):
                time = int(found.last_modified.timestamp() * 1e9)
                yield found.key.removeprefix(prefix), (found.size, time)

    def is_readable_by_anybody(self, name: str) -> bool:
        """Whether the store gives a file to a request that nobody has signed."""
        key = {"Bucket": self.bucket_name, "Key": self._normalize_name(name)}
        try:
            self.unsigned_connection.meta.client.head_object(**key)
        except (BotoCoreError, ClientError):
            return False
        return True

    def exists(self, name: str) -> bool:
        with _errors_of_the_store():
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        with _errors_of_the_store():
            super().delete(name)

    def _open(self, name: str, mode: str = "rb") -> File:
        with _errors_of_the_store(), super()._open(name, mode) as stored:
            return ContentFile(stored.read(), name)

    def _save(self, name: str, content: Any) -> str:
        with _errors_of_the_store():
            return str(super()._save(name, content))


class BucketUploads(CleanPictures, BucketStorage):
    """Uploads of the admin in a bucket. No picture is stored as it came."""


@contextmanager
def _errors_of_the_store() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise OSError(f"the object store: {error}") from error

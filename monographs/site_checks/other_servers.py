"""The mail server, the cache nodes and the object store."""

from collections.abc import Iterator
from http.client import HTTPException
from smtplib import SMTPException
from typing import Any, cast
from uuid import uuid4

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage, storages

from monographs.core.mail import transport
from monographs.public.shared_cache.nodes import connection_to
from monographs.site_checks.site_check import site_check

#: Seconds that a cache node may take to answer.
TIMEOUT = 5


@site_check()
def mail_server() -> Iterator[CheckMessage]:
    """The mail server answers, and takes the name and password."""
    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    mail = transport()
    try:
        mail.open()
    except (OSError, SMTPException) as error:
        yield Error(
            f"The mail server {server} cannot be used: {error}",
            hint="Correct EMAIL_URL: often port 587 with ?tls=true, or port 465 with ?ssl=true.",
        )
    finally:
        mail.close()


@site_check()
def object_store() -> Iterator[CheckMessage]:
    """The object store keeps files, if there is one, and gives them to nobody else."""
    for what, storage in (("figures", storages[settings.FIGURE_STORAGE]), ("uploads", default_storage)):
        if isinstance(storage, FileSystemStorage):
            continue
        probe = f"doctor-{uuid4()}"
        try:
            name = storage.save(probe, ContentFile(b"x"))
            is_public = cast("Any", storage).is_readable_by_anybody(name)
            storage.open(name).close()
            storage.delete(name)
        except OSError as error:
            yield Error(
                f"The object store of {what} cannot be used: {error}",
                hint="Compare S3_ENDPOINT_URL, S3_BUCKET, S3_REGION and the keys with the store's own; the "
                "key must be allowed to list, read, write and delete.",
            )
            continue
        if is_public:
            yield Error(
                f"The bucket of {what} is public: anybody can read drafts' pictures and other uploads there.",
                hint="Block public access to the bucket. The service reads it with its own key.",
            )


@site_check()
def cache_nodes() -> Iterator[CheckMessage]:
    """The caches that are told of publications answer."""
    for address in settings.CACHE_PURGE_URLS:
        node = connection_to(address, TIMEOUT)
        try:
            node.request("HEAD", "/healthz")
            node.getresponse()
        except (OSError, HTTPException) as error:
            yield Warning(
                f"The cache {address} does not answer: {error}. It is not told of withdrawals.",
                hint="Start it, or remove it from CACHE_PURGE_URLS if it serves nobody any more.",
            )
        finally:
            node.close()

"""Other servers, asked for an answer: of mail, caches, files, labels, and the record's evidence."""

import importlib
from collections.abc import Iterator
from http import HTTPStatus
from importlib.util import find_spec
from smtplib import SMTPException
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage, storages
from django.core.mail.backends.smtp import EmailBackend

from monographs.core.mail import transport
from monographs.editions.checkpoints.http_post import PostFailed, post
from monographs.editions.checkpoints.time_stamps import TimeStampRefused, try_authority
from monographs.label_watch.configured_source import configured_service
from monographs.label_watch.label_services import LabelGone, LabelNotHeld
from monographs.label_watch.polite_http import HttpLimits, ServiceUnavailable
from monographs.labels.refusal import LabelRefused
from monographs.public.shared_cache.nodes import purge
from monographs.scheduler.job import running_jobs
from monographs.site_checks.site_check import site_check

#: Seconds that a server may take to answer.
TIMEOUT = 5


@site_check()
def mail_server() -> Iterator[CheckMessage]:
    """The mail server answers, and takes the name and password."""
    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    mail = transport()
    if not isinstance(mail, EmailBackend):
        if not settings.DEBUG:
            yield Error(
                "EMAIL_URL names no mail server, so nobody gets an email: no invitation, no reminder, "
                "nothing about a review.",
                hint="Set EMAIL_URL to the mail server, e.g. smtp://user:password@host:587/?tls=true.",
            )
        return
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


@site_check(manual="A cache is not told of publications")
def cache_nodes() -> Iterator[CheckMessage]:
    """The caches that are told of publications accept purges."""
    for address in settings.CACHE_PURGE_URLS:
        # Of a key that no page has: nothing is dropped
        if reason := purge(address, [f"doctor-{uuid4()}"], TIMEOUT):
            yield Warning(
                f"The cache {address} does not accept purges: {reason}. It is not told of withdrawals.",
                hint="Start it, let it accept PURGE from this machine (`purgers` in default.vcl), or "
                "remove it from CACHE_PURGE_URLS if it serves nobody any more.",
            )


@site_check()
def label_service() -> Iterator[CheckMessage]:
    """The service that is asked for new versions of labels answers."""
    limits = HttpLimits(step=TIMEOUT, request=TIMEOUT, pause=0, waits=(), longest_wait=0)
    service = configured_service(limits)
    if service is None or "check_labels" not in running_jobs():
        return
    try:
        service.newest(str(uuid4()), "")  # nobody's label: the least that it can be asked
    except (LabelGone, LabelNotHeld):
        return
    except (ServiceUnavailable, LabelRefused) as error:
        yield Warning(
            f"{service.name} gives no usable answer, so no change of a label is noticed: {error}.",
            hint="Let this machine reach it, name a mirror in DAILYMED_URL or OPENFDA_URL, or set "
            "LABEL_SOURCE=none and read files (`check_labels --from FOLDER`).",
        )


@site_check(manual="Evidence")
def witnesses() -> Iterator[CheckMessage]:
    """The witnesses of the ledger's head answer."""
    for url in settings.LEDGER_WITNESS_URLS:
        try:
            # Nothing to sign, which a witness refuses
            status, _ = post(f"{url}/add-checkpoint", b"", "text/plain", 1000, TIMEOUT)
            is_none = status in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED)
            problem = f"it answers {status}" if is_none or status >= HTTPStatus.INTERNAL_SERVER_ERROR else ""
        except PostFailed as error:
            problem = str(error)
        if problem:
            yield Warning(
                f"The witness {url} does not sign: {problem}.",
                hint="Compare LEDGER_WITNESS_URLS with the address that the witness gave you: "
                "`/add-checkpoint` is added to it.",
            )


@site_check(manual="The ledger's head has no time stamp")
def time_stamp_authority() -> Iterator[CheckMessage]:
    """The time stamping authority gives a time stamp that holds."""
    if not settings.LEDGER_TSA_URL:
        return
    try:
        try_authority(TIMEOUT)
    except TimeStampRefused as error:
        yield Warning(
            f"The authority {settings.LEDGER_TSA_URL} gives no time stamp that holds: {error}.",
            hint="Compare LEDGER_TSA_URL and LEDGER_TSA_CA_FILE with what the authority says of itself.",
        )


@site_check(manual="Evidence")
def head_buckets() -> Iterator[CheckMessage]:
    """The buckets for the ledger's head can be read, and lock what is stored if that is asked for."""
    for place in settings.LEDGER_HEAD_TO:
        # What else is wrong with a place is said by `head_places`
        if place.startswith("s3:") and urlsplit(place).netloc and find_spec("boto3"):
            try:
                problem = _bucket_problem(place)
            except Exception as error:  # the client's own
                problem = f"{type(error).__name__}: {error}"
            if problem:
                yield Warning(
                    f"The ledger's head cannot be stored at {place}: {problem}.",
                    hint="Compare the bucket's name, AWS_ENDPOINT_URL_S3 and the keys with the store's own; "
                    "the key must be allowed to list, read and write there.",
                )


def _bucket_problem(place: str) -> str:
    """Return what keeps the head out of a bucket, as far as reading can tell. Raises errors of the client."""
    boto3, config = importlib.import_module("boto3"), importlib.import_module("botocore.config")
    errors = importlib.import_module("botocore.exceptions")
    limits = config.Config(connect_timeout=TIMEOUT, read_timeout=TIMEOUT, retries={"total_max_attempts": 1})
    client, address = boto3.client("s3", config=limits), urlsplit(place)
    client.list_objects_v2(Bucket=address.netloc, Prefix=address.path.strip("/"), MaxKeys=1)
    if "retain_days=" in address.query:
        try:
            client.get_object_lock_configuration(Bucket=address.netloc)
        except errors.ClientError as error:
            # Any other: whoever may write need not be allowed to ask this
            if error.response["Error"]["Code"] == "ObjectLockConfigurationNotFoundError":
                return "retain_days needs a bucket with object lock"
    return ""

"""Other servers, asked for an answer: of mail, caches, files, labels, and the record's evidence."""

import importlib
from collections.abc import Callable, Iterator, Sequence
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
from monographs.labels.label_error import LabelRefused
from monographs.public.shared_cache.nodes import purge
from monographs.scheduler.job import running_jobs
from monographs.site_checks.concurrent_requests import ask_concurrently
from monographs.site_checks.site_check import site_check

#: Seconds that a server may take for each step of its answer, and for the whole.
TIMEOUT, LONGEST_ANSWER = 5, 10
#: How a witness refuses to sign nothing (c2sp.org/tlog-witness). 404 is for a log that it does not know, too,
#: but without a log's name it is another server's, and what answers 200 has not read what it was sent.
WITNESS_REFUSALS = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.CONFLICT,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)


def _problems(ask: Callable[[str], str], addresses: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each address of which ``ask`` names a problem, with it. All are asked at once."""
    for address, problem in zip(addresses, ask_concurrently(ask, addresses, LONGEST_ANSWER), strict=True):
        if problem is None:
            yield address, f"no complete answer within {LONGEST_ANSWER} seconds"
        elif problem:
            yield address, problem


@site_check(asks_servers=True, manual="Emails are not sent")
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


@site_check(asks_servers=True, manual="Object store")
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


@site_check(asks_servers=True, manual="A cache is not told of publications")
def cache_nodes() -> Iterator[CheckMessage]:
    """The caches that are told of publications accept purges."""
    # Of a key that no page has: nothing is dropped
    for address, reason in _problems(
        lambda address: purge(address, [f"doctor-{uuid4()}"], TIMEOUT), settings.CACHE_PURGE_URLS
    ):
        yield Warning(
            f"The cache {address} does not accept purges: {reason}. It is not told of withdrawals.",
            hint="Start it, let it accept PURGE from this machine (`purgers` in default.vcl), or "
            "remove it from CACHE_PURGE_URLS if it serves nobody any more.",
        )


@site_check(asks_servers=True, manual="A job fails")
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


@site_check(asks_servers=True, manual="Evidence")
def witnesses() -> Iterator[CheckMessage]:
    """The witnesses of the ledger's head answer."""
    for url, problem in _problems(_witness_problem, settings.LEDGER_WITNESS_URLS):
        yield Warning(
            f"The witness {url} does not sign: {problem}.",
            hint="Compare LEDGER_WITNESS_URLS with the address that the witness gave you: "
            "`/add-checkpoint` is added to it.",
        )


def _witness_problem(url: str) -> str:
    try:
        # Nothing to sign, which a witness refuses
        status, _ = post(f"{url}/add-checkpoint", b"", "text/plain", 1000, TIMEOUT)
    except PostFailed as error:
        return str(error)
    return "" if status in WITNESS_REFUSALS else f"it answers {status}, as no witness does"


@site_check(asks_servers=True, manual="The ledger's head has no time stamp")
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


@site_check(asks_servers=True, manual="Evidence")
def head_buckets() -> Iterator[CheckMessage]:
    """The buckets for the ledger's head can be read, and lock what is stored if that is asked for."""
    # What else is wrong with a place is said by `head_places`
    buckets = [
        place for place in settings.LEDGER_HEAD_TO if place.startswith("s3:") and urlsplit(place).netloc
    ]
    for place, problem in _problems(_bucket_problem, buckets if find_spec("boto3") else []):
        yield Warning(
            f"The ledger's head cannot be stored at {place}: {problem}.",
            hint="Compare the bucket's name, AWS_ENDPOINT_URL_S3 and the keys with the store's own; "
            "the key must be allowed to list, read and write there.",
        )


def _bucket_problem(place: str) -> str:
    try:
        return _refusal_of(place)
    except Exception as error:  # the client's own
        return f"{type(error).__name__}: {error}"


def _refusal_of(place: str) -> str:
    """Return what keeps the head out of a bucket, as far as reading can tell. Raises errors of the client."""
    boto3, config = importlib.import_module("boto3"), importlib.import_module("botocore.config")
    errors = importlib.import_module("botocore.exceptions")
    limits = config.Config(connect_timeout=TIMEOUT, read_timeout=TIMEOUT, retries={"total_max_attempts": 1})
    # A session of its own: the shared one is not for several threads
    client, address = boto3.session.Session().client("s3", config=limits), urlsplit(place)
    client.list_objects_v2(Bucket=address.netloc, Prefix=address.path.strip("/"), MaxKeys=1)
    if "retain_days=" in address.query:
        try:
            client.get_object_lock_configuration(Bucket=address.netloc)
        except errors.ClientError as error:
            # Any other: whoever may write need not be allowed to ask this
            if error.response["Error"]["Code"] == "ObjectLockConfigurationNotFoundError":
                return "retain_days needs a bucket with object lock"
    return ""

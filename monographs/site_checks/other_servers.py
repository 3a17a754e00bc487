"""The mail server and the cache nodes."""

from collections.abc import Iterator
from http.client import HTTPException
from smtplib import SMTPException

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

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

"""Links by which a person chooses their own password: at an invitation, and when it is forgotten.

Requests are limited per address and per network, and answered before anything is looked up, so that neither
the answer nor its time tells whether an account has the address. Links go to the account's own address only;
a stranger who uses up its limit has sent the owner working links.
"""

import hashlib
import logging
import unicodedata
from datetime import timedelta
from itertools import zip_longest
from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.db import connection, transaction
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from monographs.accounts import account_emails
from monographs.accounts.models import PasswordLinkRequest
from monographs.accounts.outside_accounts import NO_SIGN_IN, is_outside
from monographs.accounts.reader_language import ReaderLanguage
from monographs.core.client_ip import client_ip, networks_of
from monographs.core.secret_keys import keyed_digests

logger = logging.getLogger(__name__)

#: Links per hour for one address, and requests per hour from one network and, in IPv6, from the larger one.
PER_ADDRESS = 3
PER_NETWORK = (10, 30)
_WINDOW, _KEPT_FOR = timedelta(hours=1), timedelta(days=1)
#: Advisory lock under which requests are counted, so that concurrent ones do not exceed a limit.
_LOCK = int.from_bytes(hashlib.blake2b(b"password_links", digest_size=8).digest(), signed=True)


class RedirectThenSend(HttpResponseRedirect):
    """A redirect that sends links to the accounts of an address once the client has the whole response.

    The server closes a response after its last byte was sent, so what is done then takes the client no time.
    """

    def __init__(self, redirect_to: str, email: str) -> None:
        super().__init__(redirect_to)
        self._email = email

    def close(self) -> None:
        email, self._email = self._email, ""
        try:
            if email:
                send_links(email)
        except Exception:  # the client has its answer; an operator reads the log
            logger.exception("links to choose a password could not be sent")
        finally:
            super().close()


def request_links(request: HttpRequest, email: str) -> bool:
    """Count a request for the accounts with ``email``, if any; return whether it is within the limits."""
    return _count(_address_keys(email), *_network_keys(request))


def send_links(email: str) -> None:
    """Send a link to every active account with this address. For none, only the work is done."""
    users = [
        user
        for user in User.objects.filter(email__iexact=email, is_active=True)
        if _normalised(user.email) == _normalised(email) and not is_outside(user)
    ]
    for user in users:
        account_emails.send_link_email(user, link_of(user), invited=False)
    if not users:
        nobody = User(pk=0, username="nobody", password="!")  # noqa: S106  # not a secret: unusable
        ReaderLanguage.of_address(email)
        context = {"username": nobody.username, "path": link_of(nobody)}
        for name in ("password_link.txt", "password_link.html"):
            render_to_string(f"emails/{name}", context)


def send_link(user: User) -> str:
    """Send ``user`` a link, or an invitation if they have no password; return why not, or an empty text."""
    if is_outside(user):
        return NO_SIGN_IN
    if not user.is_active:
        return "The account is not active, so no link was sent. Tick “Active” first."
    if not user.email:
        return "The account has no email address, so no link was sent. Enter one first."
    if not _count(_address_keys(user.email)):
        return (
            f"No link was sent: {PER_ADDRESS} were sent to this address within the last hour. "
            "Ask its owner to look for them."
        )
    account_emails.send_link_email(user, link_of(user), invited=not user.has_usable_password())
    return ""


def link_of(user: User) -> str:
    """The path of a link that works once, until ``settings.PASSWORD_RESET_TIMEOUT``."""
    return reverse(
        "wagtailadmin_password_reset_confirm",
        kwargs={
            "uidb64": urlsafe_base64_encode(force_bytes(user.pk)),
            "token": default_token_generator.make_token(user),
        },
    )


def _count(*limits: tuple[list[str], int]) -> bool:
    """Count one request under each limit's first key; return whether all limits are kept.

    Its other keys are names that the same address had before.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        PasswordLinkRequest.objects.filter(at__lt=Now() - _KEPT_FOR).delete()
        recent = PasswordLinkRequest.objects.filter(at__gt=Now() - _WINDOW)
        counts = [
            recent.filter(key__in=keys).count() for keys, _ in limits
        ]  # the same queries for every address
        allowed = all(count < limit for count, (_, limit) in zip(counts, limits, strict=True))
        if allowed:  # a refused request does not prolong the time until the next one
            PasswordLinkRequest.objects.bulk_create(PasswordLinkRequest(key=keys[0]) for keys, _ in limits)
    return allowed


def _address_keys(email: str) -> tuple[list[str], int]:
    digests = keyed_digests("monographs.accounts.password_links", _normalised(email))
    return [f"address {digest.hex()}" for digest in digests], PER_ADDRESS


def _network_keys(request: HttpRequest) -> list[tuple[list[str], Any]]:
    address = client_ip(request)
    networks = networks_of(address) if address else []
    return [([f"network {n}"], limit) for n, limit in zip_longest(networks, PER_NETWORK) if n]


def _normalised(email: str) -> str:
    """An address in the form in which two are compared, as Django does for a reset (CVE-2019-19844)."""
    return unicodedata.normalize("NFKC", email.strip()).casefold()

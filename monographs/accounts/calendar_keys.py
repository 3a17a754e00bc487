"""The keys of calendar feeds: made, shown once, stored as a hash, looked up, and revoked.

A key is 256 random bits, so that it needs neither salt nor a slow hash, and guessing is hopeless. It ends
when it is renewed or revoked, when the password changes, and with the account.
"""

import hashlib
import hmac
import secrets
from datetime import timedelta

from django.contrib.auth.models import User
from django.db.models import Case, F, Value, When
from django.db.models.functions import Now

from monographs.accounts.actors import users_with_admin_access
from monographs.accounts.models import CalendarFeed

#: Bytes of a key; the address shows them in base64.
KEY_BYTES = 32
#: A calendar program asks every few hours; several devices may ask at once.
MOST_READS, READS_WITHIN = 30, timedelta(minutes=1)


class TooManyReads(Exception):
    """A feed was read too often in a short time."""


def make_key(user: User) -> str:
    """Return a new key for ``user``; one they had before ends."""
    key = secrets.token_urlsafe(KEY_BYTES)
    CalendarFeed.objects.filter(user=user).delete()
    CalendarFeed.objects.create(user=user, key_sha256=_hash(key))
    return key


def revoke_key(user: User) -> bool:
    """End the key of ``user``; return whether there was one."""
    deleted, _ = CalendarFeed.objects.filter(user=user).delete()
    return bool(deleted)


def owner_of_key(key: str) -> User | None:
    """Return the account whose feed has ``key``, and count the read; None if nobody who works here has it.

    The hash is compared in constant time, and is found by an index of hashes, so that no answer takes longer
    for a key that is nearly right. Raises ``TooManyReads``.
    """
    digest = _hash(key)
    feed = CalendarFeed.objects.filter(key_sha256=digest).first()
    if feed is None or not hmac.compare_digest(feed.key_sha256, digest):
        return None
    owner = users_with_admin_access().filter(pk=feed.user_id).first()
    if owner is not None:
        _count_read(feed)
    return owner


def _count_read(feed: CalendarFeed) -> None:
    over = When(counted_from__lt=Now() - READS_WITHIN, then=Value(1))
    window = When(counted_from__lt=Now() - READS_WITHIN, then=Now())
    counted = CalendarFeed.objects.filter(pk=feed.pk)
    counted.update(
        reads=Case(over, default=F("reads") + 1),
        counted_from=Case(window, default=F("counted_from")),
        read_at=Now(),
    )
    feed.refresh_from_db()
    if feed.reads > MOST_READS:
        raise TooManyReads


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()

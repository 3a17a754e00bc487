"""Digests under the site's secret key, which stay valid while the key is replaced.

Django's own signatures try ``SECRET_KEY_FALLBACKS`` by themselves; what is derived from the key in another
way goes through here. How a key is replaced is in docs/operators/accounts.md.
"""

from django.conf import settings
from django.utils.crypto import salted_hmac


def keyed_digests(salt: str, value: str) -> list[bytes]:
    """Return the SHA-256 HMAC of ``value`` under ``SECRET_KEY``, then under each earlier key."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [salted_hmac(salt, value, secret=key, algorithm="sha256").digest() for key in keys]

"""How much is taken, so that one reader cannot speak for many, nor many fill the disk.

Where an answer came from is needed for an hour and for nothing else, so it is only ever counted: in memory,
under a keyed hash whose key is made anew each hour and is written nowhere.
"""

import secrets
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address, ip_network
from threading import Lock

from django.db.models import Count, Q
from django.utils import timezone

from monographs.feedback.models import Feedback

_HOUR = 3600
#: From one address in an hour and a process. A whole hospital may share one address.
PER_ADDRESS = 30
#: About one page, and about all together, in an hour: a busy day of readers, not a flood.
PER_PAGE, PER_SITE = 60, 1000
#: What one household or phone has of the new kind of addresses (RFC 6177).
_IPV6_PREFIX = 64
#: Addresses counted at most; beyond, the hour's counts begin anew and ``PER_SITE`` holds alone.
_MOST_ADDRESSES = 50_000


class AddressThrottle:
    """Counts what each address sends, and forgets all of it every hour."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = Lock()
        self._forget(-1)

    def allows(self, address: str) -> bool:
        """Count one more answer from ``address``, and say whether it may be taken."""
        hour = int(self._clock()) // _HOUR
        with self._lock:
            if hour != self._hour or len(self._counts) >= _MOST_ADDRESSES:
                self._forget(hour)
            mark = blake2b(_household(address).encode(), key=self._key, digest_size=16).digest()
            self._counts[mark] += 1
            return self._counts[mark] <= PER_ADDRESS

    def _forget(self, hour: int) -> None:
        self._hour, self._key, self._counts = hour, secrets.token_bytes(32), Counter[bytes]()


def _household(address: str) -> str:
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        return str(ip_network((ip, _IPV6_PREFIX), strict=False))
    return address


def has_hourly_capacity(key: str) -> bool:
    """Whether the hour has room for one more answer about the page with ``key``. One query."""
    recent = Feedback.objects.filter(at__gt=timezone.now() - timedelta(seconds=_HOUR)).order_by()
    counted = recent.aggregate(site=Count("pk"), page=Count("pk", filter=Q(key=key)))
    return counted["site"] < PER_SITE and counted["page"] < PER_PAGE

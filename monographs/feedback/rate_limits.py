"""Rate limits of feedback, per client address, page and site.

Client addresses are needed for an hour and for this purpose only. They are counted in memory, under a keyed
hash whose key is replaced every hour and never written anywhere.
"""

import secrets
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from hashlib import blake2b
from threading import Lock

from django.db.models import Count, Q

from monographs.core.client_ip import networks_of
from monographs.core.db_clock import database_now, recent_now
from monographs.feedback.models import Feedback

_HOUR = 3600  # seconds
#: Answers per hour and process from one address, which a whole hospital may share.
PER_ADDRESS = 30
#: Answers per hour about one page, and about all pages together.
PER_PAGE, PER_SITE = 60, 1000
#: The same for a /48, of which one customer can use every address.
PER_SITE_NETWORK = 300
#: Maximum addresses counted. Beyond, the counts are reset and only ``PER_SITE`` limits.
_MAX_ADDRESSES = 50_000


class AddressThrottle:
    """Counts the answers from each address, and discards the counts every hour."""

    def __init__(self, clock: Callable[[], float] = lambda: recent_now().timestamp()) -> None:
        self._clock = clock
        self._lock = Lock()
        self._reset(-1)

    def allows(self, address: str) -> bool:
        """Count one more answer from ``address``, and return whether it is within the limit."""
        hour = int(self._clock()) // _HOUR
        with self._lock:
            if hour != self._hour or len(self._counts) >= _MAX_ADDRESSES:
                self._reset(hour)
            counts = [self._count(network) for network in networks_of(address)]
            limits = (PER_ADDRESS, PER_SITE_NETWORK)
            return all(count <= limit for count, limit in zip(counts, limits, strict=False))

    def _count(self, network: str) -> int:
        digest = blake2b(network.encode(), key=self._key, digest_size=16).digest()
        self._counts[digest] += 1
        return self._counts[digest]

    def _reset(self, hour: int) -> None:
        self._hour, self._key, self._counts = hour, secrets.token_bytes(32), Counter[bytes]()


def has_hourly_capacity(key: str) -> bool:
    """Whether one more answer about the page with ``key`` is within the hour's limits. One query."""
    recent = Feedback.objects.filter(at__gt=database_now() - timedelta(seconds=_HOUR)).order_by()
    counted = recent.aggregate(site=Count("pk"), page=Count("pk", filter=Q(key=key)))
    return counted["site"] < PER_SITE and counted["page"] < PER_PAGE

"""Periodic work of the public site: purges of caches that no process has sent."""

from django.conf import settings

from monographs.public.shared_cache.purge_outbox import send_waiting
from monographs.scheduler.job import periodic_job


def _no_caches() -> str:
    return "" if settings.CACHE_PURGE_URLS else "CACHE_PURGE_URLS is empty"


@periodic_job("purge_caches", every="2s", title="Tells caches what they do not know yet", unneeded=_no_caches)
def send_purges() -> str:
    """Send what a process that was killed or a node that was away has left, and each purge a second time."""
    send_waiting()
    return ""

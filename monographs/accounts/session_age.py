"""Expiry of admin sessions: after a time without activity, and at the latest after a working day."""

import time
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

#: Session keys; the values are seconds since the epoch.
SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"
#: Seconds between updates of ``SEEN_AT``, so that not every request writes the session.
UPDATE_INTERVAL = 60


@receiver(user_logged_in, dispatch_uid="session_begins")
def start_session(request: HttpRequest | None = None, **kwargs: Any) -> None:
    """Store the time of the sign-in."""
    if request is not None:
        now = int(time.time())
        request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = now


def session_has_expired(request: HttpRequest) -> bool:
    """Whether the session is older than allowed, or was without activity for too long."""
    now = int(time.time())
    signed_in_at = request.session.get(SIGNED_IN_AT, now)
    seen_at = request.session.get(SEEN_AT, now)
    return (
        now - signed_in_at >= settings.SESSION_COOKIE_AGE
        or now - seen_at >= settings.SESSION_IDLE.total_seconds()
    )


def record_activity(request: HttpRequest) -> None:
    """Store that the user was active now."""
    now = int(time.time())
    request.session.setdefault(SIGNED_IN_AT, now)
    if now - request.session.get(SEEN_AT, 0) >= UPDATE_INTERVAL:
        request.session[SEEN_AT] = now

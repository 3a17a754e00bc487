"""How long somebody stays signed in: less after doing nothing, and never longer than a working day."""

import time
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"
#: How often the time of the last request is written, so that not every request writes a session.
GRAIN = 60


@receiver(user_logged_in, dispatch_uid="session_begins")
def start_session(request: HttpRequest | None = None, **kwargs: Any) -> None:
    """Note when the session began."""
    if request is not None:
        now = int(time.time())
        request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = now


def session_has_expired(request: HttpRequest) -> bool:
    """Whether the session lasted too long, or nobody did anything in it for too long."""
    now = int(time.time())
    began = request.session.get(SIGNED_IN_AT, now)
    seen = request.session.get(SEEN_AT, now)
    return now - began >= settings.SESSION_COOKIE_AGE or now - seen >= settings.SESSION_IDLE.total_seconds()


def record_activity(request: HttpRequest) -> None:
    """Note that somebody is there."""
    now = int(time.time())
    request.session.setdefault(SIGNED_IN_AT, now)
    if now - request.session.get(SEEN_AT, 0) >= GRAIN:
        request.session[SEEN_AT] = now

"""Known devices: a signed cookie in a browser in which an account has signed in completely.

Attempts from elsewhere do not lock such a browser out; its own failures are counted by themselves. The cookie
names the account and ends with its password. It is sent below /admin/ only, so public pages never see it.
"""

import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from monographs.core.admin_path import ADMIN_PATH
from monographs.core.secret_keys import keyed_digests

COOKIE = "known_device"
#: How long a device remains known after a sign-in with it.
KNOWN_FOR = timedelta(days=30)
_SALT = "monographs.accounts.known_device"
#: Attribute of a request in which a sign-in was completed.
_COMPLETED = "completed_sign_in"


def complete_sign_in(request: HttpRequest) -> None:
    """Mark ``request`` as one in which its user signed in completely, with the second factor if any."""
    setattr(request, _COMPLETED, True)


def remember_device(request: HttpRequest, response: HttpResponseBase) -> None:
    """Set the cookie if a sign-in was completed in ``request``."""
    if not getattr(request, _COMPLETED, False) or not isinstance(request.user, User):
        return
    user = request.user
    device = device_of(request, user) or uuid.uuid4()
    value = {"user": user.pk, "device": device.hex, "password": _password_digests(user)[0]}
    response.set_cookie(
        COOKIE,
        signing.dumps(value, salt=_SALT),
        max_age=KNOWN_FOR,
        path=ADMIN_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def device_of(request: HttpRequest, user: User | None) -> uuid.UUID | None:
    """The known device of ``user`` from which ``request`` comes; None if it is not known."""
    if user is None:
        return None
    try:
        value = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=KNOWN_FOR)
    except signing.BadSignature:
        return None
    if value["user"] != user.pk or value["password"] not in _password_digests(user):
        return None
    return uuid.UUID(value["device"])


def _password_digests(user: User) -> list[str]:
    return [digest.hex() for digest in keyed_digests(_SALT, user.password)]

"""The second factor: codes of an authenticator app, and recovery codes for a lost phone.

Devices are django-otp's. An account has at most one confirmed app, which accepts a code once (``last_t``)
and delays the next attempt after each wrong code (throttling).
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import IntegerField
from django.http import HttpRequest
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from monographs.accounts.models import GroupSecondFactor
from monographs.core.compiled_query import CompiledQuery, Parameter
from monographs.core.users import AnyUser

RECOVERY_CODES = 10
APP_NAME = "Authenticator app"


class FactorKind(StrEnum):
    """The source of a code."""

    APP = "authenticator app"
    RECOVERY = "recovery code"


class CodesThrottled(Exception):
    """Too many wrong codes; the next one is accepted after ``until``."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"no code is accepted before {until:%H:%M:%S} UTC")
        self.until = until


_USER = Parameter("user", IntegerField())
_APP: CompiledQuery[TOTPDevice] = CompiledQuery(
    lambda: TOTPDevice.objects.filter(user_id=_USER, confirmed=True).order_by("pk")[:1]
)
_REQUIRED = CompiledQuery(
    lambda: GroupSecondFactor.objects.filter(required=True, group__user=_USER), exists=True
)


def authenticator_app_of(user: AnyUser) -> TOTPDevice | None:
    """The account's confirmed authenticator app."""
    return _APP.first(user=user.pk) if user.pk else None


def has_second_factor(user: AnyUser) -> bool:
    """Whether the account has a confirmed authenticator app."""
    return authenticator_app_of(user) is not None


def session_has_code(request: HttpRequest) -> bool:
    """Whether a code of the account's present app was entered in this session."""
    return getattr(request.user, "otp_device", None) is not None


def is_required(user: AnyUser) -> bool:
    """Whether a group of the account requires a second factor."""
    return user.pk is not None and _REQUIRED.any(user=user.pk)


def recovery_codes_left(user: User) -> int:
    """The number of unused recovery codes."""
    return StaticToken.objects.filter(device__user_id=user.pk).count()


def start_enrolment(user: User) -> TOTPDevice:
    """Create an unconfirmed app with a new key; replaces an earlier unconfirmed one."""
    TOTPDevice.objects.filter(user_id=user.pk, confirmed=False).delete()
    return TOTPDevice.objects.create(user=user, name=APP_NAME, key=default_key(), confirmed=False)


def unconfirmed_app(user: User) -> TOTPDevice | None:
    """The app that is being set up; None if there is none."""
    return TOTPDevice.objects.filter(user_id=user.pk, confirmed=False).order_by("-pk").first()


def confirm_app(user: User, code: str) -> list[str] | None:
    """Confirm the app that was begun if it shows ``code``; recovery codes, or None for a wrong code.

    Raises ``CodesThrottled`` after wrong codes.
    """
    with transaction.atomic():
        _lock_row(user)
        device = unconfirmed_app(user)
        if device is None or has_second_factor(user):
            return None
        _check_throttle(device)
        if not device.verify_token(_digits(code)):
            return None
        device.confirmed = True
        device.save()
        return renew_recovery_codes(user)


def renew_recovery_codes(user: User) -> list[str]:
    """Create new recovery codes in place of the old ones."""
    with transaction.atomic():
        StaticDevice.objects.filter(user_id=user.pk).delete()
        device = StaticDevice.objects.create(user=user, name="Recovery codes")
        codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
        StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


def remove_second_factor(user: User) -> None:
    """Delete app and recovery codes."""
    with transaction.atomic():
        for device in (*TOTPDevice.objects.filter(user_id=user.pk), *_recovery_devices(user)):
            device.delete()


def verify_code(user: User, code: str) -> FactorKind | None:
    """Use up ``code`` and return its source; None if it is wrong or was used before.

    Six digits are a code of the app, anything else a recovery code. Raises ``CodesThrottled``.
    """
    app = authenticator_app_of(user)
    if app is None:
        return None
    if len(_digits(code)) == app.digits and _digits(code).isdecimal():
        return FactorKind.APP if _accepts(TOTPDevice, app.pk, _digits(code)) else None
    device = _recovery_devices(user).first()
    if device is None:
        return None
    return FactorKind.RECOVERY if _accepts(StaticDevice, device.pk, normalised_recovery_code(code)) else None


def normalised_recovery_code(code: str) -> str:
    """A typed recovery code in the form in which it is stored."""
    return "".join(code.split()).replace("-", "").lower()


def _digits(code: str) -> str:
    return "".join(code.split())


def _accepts(model: Any, pk: int, code: str) -> bool:
    """Verify with the device's row locked, so that a code sent twice at once is accepted once."""
    with transaction.atomic():
        device = model.objects.select_for_update().get(pk=pk)
        _check_throttle(device)
        return bool(device.verify_token(code))


def _check_throttle(device: Any) -> None:
    allowed, why = device.verify_is_allowed()
    if not allowed:
        raise CodesThrottled((why or {}).get("locked_until") or timezone.now())


def _recovery_devices(user: User) -> Any:
    return StaticDevice.objects.filter(user_id=user.pk, confirmed=True).order_by("pk")


def _lock_row(user: User) -> None:
    # Not the key: a notice to the user, stored with a signature, must not wait for it
    User.objects.select_for_update(no_key=True).get(pk=user.pk)

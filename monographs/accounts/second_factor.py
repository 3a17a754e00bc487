"""The second factor: codes of an authenticator app, and recovery codes for when the phone is gone.

Devices are django-otp's. An account has at most one confirmed app; it counts a code once (``last_t``) and
makes guessing slower with each wrong code (its throttle).
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from monographs.accounts.models import GroupSecondFactor

RECOVERY_CODES = 10
APP_NAME = "Authenticator app"


class FactorKind(StrEnum):
    """What a code came from."""

    APP = "authenticator app"
    RECOVERY = "recovery code"


class CodesThrottled(Exception):
    """Codes were wrong too often; ``until`` says when the next one is looked at."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"no code is looked at before {until:%H:%M:%S} UTC")
        self.until = until


def authenticator_app_of(user: Any) -> TOTPDevice | None:
    """The account's confirmed authenticator app."""
    return TOTPDevice.objects.filter(user_id=user.pk, confirmed=True).order_by("pk").first()


def has_second_factor(user: Any) -> bool:
    """Whether the account has a confirmed authenticator app."""
    return authenticator_app_of(user) is not None


def session_has_code(request: Any) -> bool:
    """Whether the code was given in this session, for the app the account has now."""
    return getattr(request.user, "otp_device", None) is not None


def is_required(user: Any) -> bool:
    """Whether a group of the account requires a second factor."""
    return GroupSecondFactor.objects.filter(required=True, group__user=user.pk).exists()


def recovery_codes_left(user: Any) -> int:
    """How many recovery codes have not been used."""
    return StaticToken.objects.filter(device__user_id=user.pk).count()


def start_enrolment(user: Any) -> TOTPDevice:
    """A fresh key for an app that is yet to be confirmed; earlier unconfirmed ones are forgotten."""
    TOTPDevice.objects.filter(user_id=user.pk, confirmed=False).delete()
    return TOTPDevice.objects.create(user=user, name=APP_NAME, key=default_key(), confirmed=False)


def unconfirmed_app(user: Any) -> TOTPDevice | None:
    """The app that is being set up."""
    return TOTPDevice.objects.filter(user_id=user.pk, confirmed=False).order_by("-pk").first()


def confirm_app(user: Any, code: str) -> list[str] | None:
    """Confirm the app that was begun if it shows ``code``; recovery codes, or None for a wrong code.

    Raises ``CodesThrottled`` after wrong codes.
    """
    with transaction.atomic():
        _hold(user)
        device = unconfirmed_app(user)
        if device is None or has_second_factor(user):
            return None
        _check_throttle(device)
        if not device.verify_token(_digits(code)):
            return None
        device.confirmed = True
        device.save()
        return renew_recovery_codes(user)


def renew_recovery_codes(user: Any) -> list[str]:
    """New recovery codes; the old ones are void."""
    with transaction.atomic():
        StaticDevice.objects.filter(user_id=user.pk).delete()
        device = StaticDevice.objects.create(user=user, name="Recovery codes")
        codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
        StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


def remove_second_factor(user: Any) -> None:
    """Forget app and recovery codes."""
    with transaction.atomic():
        for device in (*TOTPDevice.objects.filter(user_id=user.pk), *_recovery_devices(user)):
            device.delete()


def verify_code(user: Any, code: str) -> FactorKind | None:
    """Use up ``code``; None if it is wrong or was used before. Raises ``CodesThrottled`` after wrong codes.

    Six digits are the app's; anything else is a recovery code.
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
    """A recovery code as it is stored, however it was typed."""
    return "".join(code.split()).replace("-", "").lower()


def _digits(code: str) -> str:
    return "".join(code.split())


def _accepts(model: Any, pk: int, code: str) -> bool:
    """Ask the device with its row held, so that one code sent twice at once counts once."""
    with transaction.atomic():
        device = model.objects.select_for_update().get(pk=pk)
        _check_throttle(device)
        return bool(device.verify_token(code))


def _check_throttle(device: Any) -> None:
    allowed, why = device.verify_is_allowed()
    if not allowed:
        raise CodesThrottled((why or {}).get("locked_until") or timezone.now())


def _recovery_devices(user: Any) -> Any:
    return StaticDevice.objects.filter(user_id=user.pk, confirmed=True).order_by("pk")


def _hold(user: Any) -> None:
    get_user_model().objects.select_for_update().get(pk=user.pk)

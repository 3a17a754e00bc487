"""Reauthentication by password and second factor, required for every signature besides being signed in."""

from enum import StrEnum

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse

from monographs.accounts import lockout, second_factor
from monographs.accounts.second_factor import CodesThrottled, FactorKind, has_second_factor
from monographs.editions.record.expert_rules import BY_CODE

__all__ = [
    "FailureKind",
    "IdentityNotConfirmed",
    "ProofMethod",
    "confirm",
    "confirm_or_count",
    "count_failure",
    "has_second_factor",
]


class ProofMethod(StrEnum):
    """How a user reauthenticated; signatures store the values."""

    PASSWORD = "password"  # noqa: S105  # a name, not a secret
    APP = "password and authenticator app"
    RECOVERY = "password and recovery code"
    #: Of outside experts only (``review/outside_review/signing_codes.py``).
    ADDRESS = BY_CODE


class FailureKind(StrEnum):
    """Why a user's identity was not confirmed."""

    WRONG_PASSWORD = "wrong_password"  # noqa: S105  # a name, not a secret
    WRONG_CODE = "wrong_code"
    CODE_MISSING = "code_missing"
    LOCKED = "locked"


class IdentityNotConfirmed(Exception):
    """Reauthentication failed; ``message`` is for the user."""

    def __init__(self, kind: FailureKind, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message

    @property
    def counts(self) -> bool:
        """Whether it counts as a failed attempt, which the caller has to count."""
        return self.kind in (FailureKind.WRONG_PASSWORD, FailureKind.WRONG_CODE)


def confirm(user: User, *, password: str, code: str = "", request: HttpRequest | None = None) -> str:
    """Check the password, and a code if ``user`` has a second factor.

    Returns the value of the ``ProofMethod``. Raises ``IdentityNotConfirmed``; the caller must then call
    ``count_failure``. Called outside a transaction: a code stays used, and a wrong one throttled, whatever
    becomes of the attempt it was entered for. No lock may be held, because hashing a password takes long.
    """
    _check_lock(user, request)
    needs_code = has_second_factor(user)
    if not needs_code and second_factor.is_required(user):
        raise IdentityNotConfirmed(
            FailureKind.CODE_MISSING,
            "Your group requires a second factor and your account has none yet. Set it up at "
            f"{reverse('accounts:second_factor')}, then sign.",
        )
    if needs_code and not code.strip():
        raise IdentityNotConfirmed(
            FailureKind.CODE_MISSING,
            "Enter the code your authenticator app shows now, or a recovery code, as well.",
        )
    _check_password(user, password)
    method = _METHODS[_check_code(user, code)] if needs_code else ProofMethod.PASSWORD
    lockout.clear_failures(user, request)
    return method.value


def confirm_or_count(user: User, *, password: str, code: str = "", request: HttpRequest | None = None) -> str:
    """As ``confirm``, outside a transaction: counts a failure, then raises ``IdentityNotConfirmed``."""
    try:
        return confirm(user, password=password, code=code, request=request)
    except IdentityNotConfirmed as refusal:
        if refusal.counts:
            count_failure(user, request)
        raise


def check_code(user: User, code: str, request: HttpRequest | None = None) -> None:
    """Check only the code. Counts a failure, then raises ``IdentityNotConfirmed``."""
    _check_lock(user, request)
    try:
        _check_code(user, code)
    except IdentityNotConfirmed as refusal:
        if refusal.counts:
            count_failure(user, request)
        raise
    lockout.clear_failures(user, request)


def check_password(user: User, password: str, request: HttpRequest | None = None) -> None:
    """Check only the password. Counts a failure, then raises ``IdentityNotConfirmed``."""
    _check_lock(user, request)
    try:
        _check_password(user, password)
    except IdentityNotConfirmed:
        count_failure(user, request)
        raise


def count_failure(user: User, request: HttpRequest | None = None) -> None:
    """Count one failed attempt; the last allowed one locks the account and sends emails.

    Called outside the attempt's transaction, which is rolled back.
    """
    lockout.count_failed_attempt(user, request)


def _check_lock(user: User, request: HttpRequest | None) -> None:
    lock = lockout.lockout_of(user, request)
    if lock:
        raise IdentityNotConfirmed(FailureKind.LOCKED, lock.message)


def _check_password(user: User, password: str) -> None:
    if not user.check_password(password):
        raise IdentityNotConfirmed(
            FailureKind.WRONG_PASSWORD, "That password is not right. Nothing was changed; try again."
        )


_METHODS = {FactorKind.APP: ProofMethod.APP, FactorKind.RECOVERY: ProofMethod.RECOVERY}


def _check_code(user: User, code: str) -> FactorKind:
    try:
        factor = second_factor.verify_code(user, code)
    except CodesThrottled as throttled:
        raise IdentityNotConfirmed(
            FailureKind.LOCKED,
            "The last code was wrong. The next one is accepted after "
            f"{throttled.until:%H:%M:%S} UTC; wait for a new code.",
        ) from throttled
    if factor is None:
        raise IdentityNotConfirmed(
            FailureKind.WRONG_CODE,
            "That code is not right or was used before. Wait for the next code in your app, or use a "
            "recovery code.",
        )
    return factor

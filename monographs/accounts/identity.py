"""Is it really them? Asked again for everything that counts: being signed in is never enough."""

from enum import StrEnum
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from monographs.accounts import lockout, second_factor
from monographs.accounts.second_factor import CodesThrottled, FactorKind, has_second_factor

__all__ = [
    "FailureKind",
    "IdentityNotConfirmed",
    "ProofMethod",
    "confirm",
    "consume_code",
    "count_failure",
    "has_second_factor",
]


class ProofMethod(StrEnum):
    """How somebody proved who they are, as a signature keeps it."""

    PASSWORD = "password"  # noqa: S105  # a name, not a secret
    APP = "password and authenticator app"
    RECOVERY = "password and recovery code"


class FailureKind(StrEnum):
    """Why somebody's identity was not confirmed."""

    WRONG_PASSWORD = "wrong_password"  # noqa: S105  # a name, not a secret
    WRONG_CODE = "wrong_code"
    CODE_MISSING = "code_missing"
    LOCKED = "locked"


class IdentityNotConfirmed(Exception):
    """It may be somebody else. ``message`` is for the person; ``counts`` says whether it was a guess."""

    def __init__(self, kind: FailureKind, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message

    @property
    def counts(self) -> bool:
        """Whether the caller must count it, once its own transaction is rolled back."""
        return self.kind in (FailureKind.WRONG_PASSWORD, FailureKind.WRONG_CODE)


def confirm(user: Any, *, password: str, code: str = "", request: HttpRequest | None = None) -> str:
    """Prove that ``user`` is there: the password, and a code where they have or need a second factor.

    Returns the method by value. Raises ``IdentityNotConfirmed``; the caller then calls ``count_failure``
    outside the rolled-back transaction, because a failure counted inside would be rolled back with it.
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
    method = _METHODS[_factor(user, code)] if needs_code else ProofMethod.PASSWORD
    lockout.clear_address_failures(user, request)
    return method.value


def check_code(user: Any, code: str, request: HttpRequest | None = None) -> None:
    """Check only the code, after a correct password. Raises ``IdentityNotConfirmed`` after counting it."""
    _check_lock(user, request)
    try:
        _factor(user, code)
    except IdentityNotConfirmed as refusal:
        if refusal.counts:
            count_failure(user, request)
        raise
    lockout.clear_address_failures(user, request)


def check_password(user: Any, password: str, request: HttpRequest | None = None) -> None:
    """Only the password, where there is no code yet. Raises ``IdentityNotConfirmed`` after counting it."""
    _check_lock(user, request)
    try:
        _check_password(user, password)
    except IdentityNotConfirmed:
        count_failure(user, request)
        raise


def count_failure(user: Any, request: HttpRequest | None = None, *, code: str = "") -> None:
    """Count one failed attempt; the last that is allowed locks the account out and tells people.

    Call it after the transaction of the attempt was rolled back. ``code`` is what was entered if the code
    was wrong: the slowing-down of further codes was rolled back too and is done again here.
    """
    lockout.count_failed_attempt(user, request)
    if code:
        consume_code(user, code)


def consume_code(user: Any, code: str) -> None:
    """Make sure ``code`` cannot be used again, after a transaction in which it was right was rolled back."""
    try:
        second_factor.verify_code(user, code)
    except CodesThrottled:
        return


def _check_lock(user: Any, request: HttpRequest | None) -> None:
    lock = lockout.lockout_of(user, request)
    if lock:
        raise IdentityNotConfirmed(FailureKind.LOCKED, lock.message)


def _check_password(user: Any, password: str) -> None:
    if not user.check_password(password):
        raise IdentityNotConfirmed(
            FailureKind.WRONG_PASSWORD, "That password is not right. Nothing was changed; try again."
        )


_METHODS = {FactorKind.APP: ProofMethod.APP, FactorKind.RECOVERY: ProofMethod.RECOVERY}


def _factor(user: Any, code: str) -> FactorKind:
    try:
        factor = second_factor.verify_code(user, code)
    except CodesThrottled as throttled:
        raise IdentityNotConfirmed(
            FailureKind.LOCKED,
            "The last code was wrong. The next one is looked at after "
            f"{throttled.until:%H:%M:%S} UTC; wait for a new code.",
        ) from throttled
    if factor is None:
        raise IdentityNotConfirmed(
            FailureKind.WRONG_CODE,
            "That code is not right or was used before. Wait for the next code in your app, or use a "
            "recovery code.",
        )
    return factor

"""Is it really them? Asked again for everything that counts: being signed in is never enough."""

from enum import StrEnum
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from monographs.accounts import lockout, second_factor
from monographs.accounts.second_factor import Factor, Throttled, has_second_factor

__all__ = ["Kind", "Method", "NotConfirmed", "confirm", "count_failure", "has_second_factor", "spend"]


class Method(StrEnum):
    """How somebody proved who they are, as a signature keeps it."""

    PASSWORD = "password"  # noqa: S105  # a name, not a secret
    APP = "password and authenticator app"
    RECOVERY = "password and recovery code"


class Kind(StrEnum):
    """Why somebody's identity was not confirmed."""

    WRONG_PASSWORD = "wrong_password"  # noqa: S105  # a name, not a secret
    WRONG_CODE = "wrong_code"
    CODE_MISSING = "code_missing"
    LOCKED = "locked"


class NotConfirmed(Exception):
    """It may be somebody else. ``message`` is for the person; ``counts`` says whether it was a guess."""

    def __init__(self, kind: Kind, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message

    @property
    def counts(self) -> bool:
        """Whether the caller must count it, once its own transaction is rolled back."""
        return self.kind in (Kind.WRONG_PASSWORD, Kind.WRONG_CODE)


def confirm(user: Any, *, password: str, code: str = "", request: HttpRequest | None = None) -> str:
    """Prove that ``user`` is there: the password, and a code where they have or need a second factor.

    Returns the method by value. Raises ``NotConfirmed``; the caller then calls ``count_failure`` outside the
    transaction it gave up, because what is counted inside is rolled back with it.
    """
    _check_lock(user, request)
    needs_code = has_second_factor(user)
    if not needs_code and second_factor.is_required(user):
        raise NotConfirmed(
            Kind.CODE_MISSING,
            "Your group requires a second factor and your account has none yet. Set it up at "
            f"{reverse('accounts:second_factor')}, then sign.",
        )
    if needs_code and not code.strip():
        raise NotConfirmed(
            Kind.CODE_MISSING, "Enter the code your authenticator app shows now, or a recovery code, as well."
        )
    _check_password(user, password)
    method = _METHODS[_factor(user, code)] if needs_code else Method.PASSWORD
    lockout.forgive(user, request)
    return method.value


def check_code(user: Any, code: str, request: HttpRequest | None = None) -> None:
    """Only the code, for a sign-in whose password was right. Raises ``NotConfirmed`` after counting it."""
    _check_lock(user, request)
    try:
        _factor(user, code)
    except NotConfirmed as refusal:
        if refusal.counts:
            count_failure(user, request)
        raise
    lockout.forgive(user, request)


def check_password(user: Any, password: str, request: HttpRequest | None = None) -> None:
    """Only the password, where there is no code yet. Raises ``NotConfirmed`` after counting it."""
    _check_lock(user, request)
    try:
        _check_password(user, password)
    except NotConfirmed:
        count_failure(user, request)
        raise


def count_failure(user: Any, request: HttpRequest | None = None, *, code: str = "") -> None:
    """Count one failed attempt; the last that is allowed locks the account out and tells people.

    Call it after the transaction of the attempt was rolled back. ``code`` is what was entered if the code
    was wrong: the slowing-down of further codes was rolled back too and is done again here.
    """
    lockout.count(user, request)
    if code:
        spend(user, code)


def spend(user: Any, code: str) -> None:
    """Make sure ``code`` cannot be used again, after a transaction in which it was right was rolled back."""
    try:
        second_factor.verify(user, code)
    except Throttled:
        return


def _check_lock(user: Any, request: HttpRequest | None) -> None:
    lock = lockout.lock_on(user, request)
    if lock:
        raise NotConfirmed(Kind.LOCKED, lock.message)


def _check_password(user: Any, password: str) -> None:
    if not user.check_password(password):
        raise NotConfirmed(Kind.WRONG_PASSWORD, "That password is not right. Nothing was changed; try again.")


_METHODS = {Factor.APP: Method.APP, Factor.RECOVERY: Method.RECOVERY}


def _factor(user: Any, code: str) -> Factor:
    try:
        factor = second_factor.verify(user, code)
    except Throttled as throttled:
        raise NotConfirmed(
            Kind.LOCKED,
            "The last code was wrong. The next one is looked at after "
            f"{throttled.until:%H:%M:%S} UTC; wait for a new code.",
        ) from throttled
    if factor is None:
        raise NotConfirmed(
            Kind.WRONG_CODE,
            "That code is not right or was used before. Wait for the next code in your app, or use a "
            "recovery code.",
        )
    return factor

"""Guessing is limited: sign-in, codes and signatures count together.

django-axes keeps the failures. Two rules read them: one address may fail a few times for one account in a
short while, and all strangers' addresses together some more times in a day. An address the account signed
in from lately is no stranger's, so guessing elsewhere does not shut its owner out.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from axes.backends import AxesStandaloneBackend
from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off, get_credentials
from axes.models import AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_login_failed
from django.db.models import Max, Sum
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from monographs.accounts import account_emails
from monographs.accounts.actors import current_actor
from monographs.accounts.second_factor import has_second_factor
from monographs.editions.ledger import Event, append_entry
from monographs.editions.person import SYSTEM

logger = logging.getLogger(__name__)

#: How long an address remains known after its last sign-in.
KNOWN_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Lockout:
    """An account that nobody can use from an address before ``until``."""

    until: datetime

    @property
    def message(self) -> str:
        """For the person before it: until when, and what they can do."""
        until = self.until + timedelta(minutes=1)  # the minute in which it ends is over
        return (
            f"Too many wrong attempts for this account. Try again after {until:%H:%M} UTC on "
            f"{until:%B} {until.day}; what you enter before then is not looked at. "
            "If the attempts were not yours, tell an editor."
        )


class LockoutHandler(AxesDatabaseHandler):
    """django-axes with the second rule and with a notice when a lock begins."""

    def lock(self, request: HttpRequest, username: str) -> Lockout | None:
        """What keeps ``username`` out for this request now."""
        return self._by_address(request, username) or self._by_account(request, username)

    def _by_address(self, request: HttpRequest, username: str) -> Lockout | None:
        (attempts,) = self.get_user_attempts(request, get_credentials(username))
        found = attempts.aggregate(failures=Sum("failures_since_start"), latest=Max("attempt_time"))
        cool_off = get_cool_off(request)
        if (found["failures"] or 0) < settings.AXES_FAILURE_LIMIT or cool_off is None:
            return None
        return Lockout(found["latest"] + cool_off)

    def _by_account(self, request: Any, username: str) -> Lockout | None:
        since = timezone.now() - settings.LOCKOUT_WINDOW
        known = AccessLog.objects.filter(username=username, attempt_time__gte=timezone.now() - KNOWN_FOR)
        addresses = set(known.values_list("ip_address", flat=True)) - {None}
        if request.axes_ip_address in addresses:
            return None
        failures = AccessFailureLog.objects.filter(username=username, attempt_time__gt=since)
        strangers = failures.exclude(ip_address__in=addresses).order_by("-attempt_time")
        times = strangers.values_list("attempt_time", flat=True)[: settings.LOCKOUT_FAILURES_OF_ACCOUNT]
        found = list(times)
        if len(found) < settings.LOCKOUT_FAILURES_OF_ACCOUNT:
            return None
        return Lockout(found[-1] + settings.LOCKOUT_WINDOW)

    def is_locked(self, request: Any, credentials: dict[str, Any] | None = None) -> bool:
        return self.lock(request, (credentials or {}).get("username") or "") is not None

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: Any = None, **kwargs: Any
    ) -> None:
        if request is None:  # a script's own mistake; nobody guesses through it
            return
        username = credentials.get("username") or ""
        before = self.lock(request, username)
        super().user_login_failed(sender, credentials, request, **kwargs)
        after = self.lock(request, username)
        if after and not before:
            _announce(username, after)

    def user_logged_in(self, sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
        super().user_logged_in(sender, request, user, **kwargs)
        # A right password must not buy new guesses at the code
        if not has_second_factor(user):
            self.reset_user_attempts(request, get_credentials(user.get_username()))

    def remove_out_of_limit_failure_logs(self, *, username: str, limit: int | None = None) -> int:
        # django-axes drops the newest of them, and so would stop the count of the second rule
        return 0


class LockoutBackend(AxesStandaloneBackend):
    """Refuses whoever is locked out before a password is looked at. Scripts without a request pass."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> None:
        if request is not None:
            super().authenticate(request, username=username, password=password, **kwargs)


def lockout_of(user: Any, request: HttpRequest | None) -> Lockout | None:
    """What keeps this account out from where the request comes from."""
    request = _asked(request)
    handler: LockoutHandler = AxesProxyHandler.get_implementation()
    return handler.lock(request, user.get_username())


def lockout_of_username(username: str, request: HttpRequest) -> Lockout | None:
    """As ``lockout_of``, for a sign-in name that may be nobody's."""
    handler: LockoutHandler = AxesProxyHandler.get_implementation()
    return handler.lock(_asked(request), username)


def count_failed_attempt(user: Any, request: HttpRequest | None) -> None:
    """Count one failure against the account."""
    user_login_failed.send(
        sender=__name__, credentials={"username": user.get_username()}, request=_asked(request)
    )


def clear_address_failures(user: Any, request: HttpRequest | None) -> None:
    """Forget the address's failures after the account proved itself whole."""
    handler: LockoutHandler = AxesProxyHandler.get_implementation()
    handler.reset_user_attempts(_asked(request), get_credentials(user.get_username()))


def unlock(user: Any) -> None:
    """Lift every lock of the account, from all addresses."""
    username = user.get_username()
    AxesProxyHandler.reset_attempts(username=username)
    AccessFailureLog.objects.filter(username=username).delete()
    append_entry(
        Event.LOCKED_OUT,
        current_actor(),
        {"about": "account", "id": user.pk, "name": username, "lifted": True},
        subject=f"account:{user.pk}",
    )


def mark_response(request: HttpRequest, response: HttpResponse, credentials: Any = None) -> HttpResponse:
    """Our screens say themselves what a lock means; only the status of the sign-in is set here."""
    if request.path == reverse("wagtailadmin_login"):
        response.status_code = 429
    return response


def _asked(request: HttpRequest | None) -> Any:
    """A request django-axes can read; one of no address stands for a script."""
    request = HttpRequest() if request is None else request
    AxesProxyHandler.update_request(request)
    return request


def _announce(username: str, lock: Lockout) -> None:
    user = get_user_model()._default_manager.filter(username=username).first()
    if user is None:
        logger.warning("locked out a sign-in name that no account has")
        return
    append_entry(
        Event.LOCKED_OUT,
        SYSTEM,
        {"about": "account", "id": user.pk, "name": username, "until": lock.until.isoformat()},
        subject=f"account:{user.pk}",
    )
    account_emails.send_lockout_email(user, lock.until)

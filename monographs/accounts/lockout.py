"""Lock-out after failed attempts: sign-in, codes and signatures count together.

django-axes stores the failures. Two rules apply: one IP address may fail a few times for one account in a
short time (``AXES_FAILURE_LIMIT``), and all unknown addresses together some more times in a day
(``LOCKOUT_FAILURES_OF_ACCOUNT``). An address from which the account signed in lately is known, so attempts
from elsewhere do not lock its owner out.
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
from django.contrib.auth.models import User
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

#: How long an IP address remains known after a sign-in from it.
KNOWN_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Lockout:
    """A lock of an account for an IP address that ends at ``until``."""

    until: datetime

    @property
    def message(self) -> str:
        """The message for the user: when the lock ends, and what to do."""
        until = self.until + timedelta(minutes=1)  # rounded up to a full minute
        return (
            f"Too many wrong attempts for this account. Try again after {until:%H:%M} UTC on "
            f"{until:%B} {until.day}; what you enter before then is not checked. "
            "If the attempts were not yours, tell an editor."
        )


class LockoutHandler(AxesDatabaseHandler):
    """The handler of django-axes, with the second rule and an email when a lock begins."""

    def lock(self, request: HttpRequest, username: str) -> Lockout | None:
        """The lock of ``username`` for this request; None if there is none."""
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
        sign_ins = AccessLog.objects.filter(username=username, attempt_time__gte=timezone.now() - KNOWN_FOR)
        known_addresses = set(sign_ins.values_list("ip_address", flat=True)) - {None}
        if request.axes_ip_address in known_addresses:
            return None
        failures = AccessFailureLog.objects.filter(username=username, attempt_time__gt=since)
        unknown = failures.exclude(ip_address__in=known_addresses).order_by("-attempt_time")
        times = unknown.values_list("attempt_time", flat=True)[: settings.LOCKOUT_FAILURES_OF_ACCOUNT]
        found = list(times)
        if len(found) < settings.LOCKOUT_FAILURES_OF_ACCOUNT:
            return None
        return Lockout(found[-1] + settings.LOCKOUT_WINDOW)

    def is_locked(self, request: Any, credentials: dict[str, Any] | None = None) -> bool:
        return self.lock(request, (credentials or {}).get("username") or "") is not None

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: Any = None, **kwargs: Any
    ) -> None:
        if request is None:  # a script; cannot be used for guessing from outside
            return
        username = credentials.get("username") or ""
        before = self.lock(request, username)
        super().user_login_failed(sender, credentials, request, **kwargs)
        after = self.lock(request, username)
        if after and not before:
            _report_lockout(username, after)

    def user_logged_in(self, sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
        super().user_logged_in(sender, request, user, **kwargs)
        # With a second factor, a correct password must not reset the count of wrong codes
        if not has_second_factor(user):
            self.reset_user_attempts(request, get_credentials(user.get_username()))

    def remove_out_of_limit_failure_logs(self, *, username: str, limit: int | None = None) -> int:
        # django-axes would delete the newest rows, which the second rule counts
        return 0


class LockoutBackend(AxesStandaloneBackend):
    """Refuses locked accounts before the password is checked. Calls without a request pass."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> None:
        if request is not None:
            super().authenticate(request, username=username, password=password, **kwargs)


def lockout_of(user: User, request: HttpRequest | None) -> Lockout | None:
    """The lock of an account for the IP address of ``request``; None if there is none."""
    return _handler().lock(_axes_request(request), user.get_username())


def lockout_of_username(username: str, request: HttpRequest) -> Lockout | None:
    """As ``lockout_of``, for a sign-in name that may not exist."""
    return _handler().lock(_axes_request(request), username)


def count_failed_attempt(user: User, request: HttpRequest | None) -> None:
    """Count one failed attempt for the account."""
    user_login_failed.send(
        sender=__name__, credentials={"username": user.get_username()}, request=_axes_request(request)
    )


def clear_address_failures(user: User, request: HttpRequest | None) -> None:
    """Reset the count of an IP address after the account authenticated completely."""
    _handler().reset_user_attempts(_axes_request(request), get_credentials(user.get_username()))


def unlock(user: User) -> None:
    """Remove all locks of the account, for every IP address."""
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
    """Set the status of a refused sign-in. The screens themselves show the message."""
    if request.path_info == LOGIN_PATH:
        response.status_code = 429
    return response


def _handler() -> LockoutHandler:
    return AxesProxyHandler.get_implementation()


def _axes_request(request: HttpRequest | None) -> Any:  # with the attributes django-axes adds
    """A request django-axes can read; one without an address for a script."""
    request = HttpRequest() if request is None else request
    AxesProxyHandler.update_request(request)
    return request


def _report_lockout(username: str, lock: Lockout) -> None:
    user = User.objects.filter(username=username).first()
    if user is None:
        logger.warning("locked a sign-in name that no account has")
        return
    append_entry(
        Event.LOCKED_OUT,
        SYSTEM,
        {"about": "account", "id": user.pk, "name": username, "until": lock.until.isoformat()},
        subject=f"account:{user.pk}",
    )
    account_emails.send_lockout_email(user, lock.until)

"""Lock-out after failed attempts: sign-in, codes and signatures count together.

django-axes stores the failures. A lock lasts a minute and grows with every further failure, to an hour at
most. Failures for one account are counted by network (``AXES_FAILURE_LIMIT``), and over all networks from
which it was never used (``LOCKOUT_FAILURES_OF_ACCOUNT``). Strangers do not shut the owner out: a known device
is counted by itself, the account's known networks and accounts with a second factor are not locked by guesses
from elsewhere, and password and code together open every lock.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Network, ip_address, ip_network
from typing import Any

from axes.backends import AxesStandaloneBackend
from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_credentials
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_login_failed
from django.db.models import Count, DateTimeField, Max, QuerySet, Sum, TextField
from django.http import HttpRequest, HttpResponse
from django_otp import login as otp_login

from monographs.accounts import account_emails, known_devices, second_factor
from monographs.accounts.actors import current_actor
from monographs.accounts.models import DeviceFailure
from monographs.accounts.second_factor import CodesThrottled, has_second_factor
from monographs.core.admin_path import LOGIN_PATH
from monographs.core.client_ip import IPV6_PREFIXES
from monographs.core.compiled_query import CompiledQuery, Parameter
from monographs.core.db_clock import database_now
from monographs.editions.ledger import Event, append_entry
from monographs.editions.models import LedgerEntry
from monographs.editions.person import SYSTEM

logger = logging.getLogger(__name__)

#: How long a network remains known after a sign-in from it.
KNOWN_FOR = timedelta(days=30)
#: The first lock, doubled by each further failure, and the longest one.
FIRST_LOCK, LONGEST_LOCK = timedelta(minutes=1), timedelta(hours=1)
#: Locks that begin within this time of a reported one belong to it and are not reported again.
EPISODE = timedelta(days=1)
#: Attributes of a request at sign-in: the code entered with the password, and whether it was accepted.
_CODE, _CODE_ACCEPTED = "code_with_password", "code_accepted"


@dataclass(frozen=True, slots=True)
class Lockout:
    """A lock of an account for a client that ends at ``until``."""

    until: datetime

    @property
    def message(self) -> str:
        """The message for the user: when the lock ends, and what to do."""
        until = self.until + timedelta(minutes=1)  # rounded up to a full minute
        return (
            f"Too many wrong attempts for this account. Try again after {until:%H:%M} UTC on "
            f"{until:%B} {until.day}; what you enter before then is not checked. "
            "If you have a second factor, enter password and code together: then you need not wait. "
            "If the attempts were not yours, tell an editor."
        )


def _lock_after(failures: int, limit: int, latest: datetime | None) -> Lockout | None:
    """The lock that follows from ``failures``, of which the ``latest`` is known; None if it is over."""
    if failures < limit or latest is None:
        return None
    length = min(FIRST_LOCK * 2 ** min(failures - limit, 10), LONGEST_LOCK)
    return Lockout(latest + length) if latest + length > database_now() else None


_NAME = Parameter("username", TextField())
_BY_NAME: CompiledQuery[User] = CompiledQuery(lambda: User.objects.filter(username=_NAME))
_SIGN_INS: CompiledQuery[str | None] = CompiledQuery(
    lambda: AccessLog.objects.filter(
        username=_NAME, attempt_time__gte=Parameter("since", DateTimeField())
    ).values_list("ip_address", flat=True)
)


class LockoutHandler(AxesDatabaseHandler):
    """The handler of django-axes, with our rules and an email when a lock begins."""

    def lock(self, request: HttpRequest, username: str) -> Lockout | None:
        """The lock of ``username`` for this request; None if there is none."""
        user = _BY_NAME.first(username=username)
        device = known_devices.device_of(request, user)
        if device is not None:
            return _lock_of_device(device)
        return self._by_network(request, username) or self._by_account(request, username, user)

    def _by_network(self, request: Any, username: str) -> Lockout | None:
        """The lock for the client's network and, in IPv6, for the larger one it is part of."""
        attempts = AccessAttempt.objects.filter(username=username)
        limit = settings.AXES_FAILURE_LIMIT
        lock = _lock_of(attempts.filter(ip_address=request.axes_ip_address), limit)
        larger = _larger_network(request.axes_ip_address)
        if lock or larger is None:
            return lock
        return _lock_of(attempts.filter(ip_address__range=(str(larger[0]), str(larger[-1]))), 2 * limit)

    def _by_account(self, request: Any, username: str, user: User | None) -> Lockout | None:
        if user is not None and has_second_factor(user):  # a guessed password does not sign in
            return None
        known = set(_SIGN_INS.rows(username=username, since=database_now() - KNOWN_FOR)) - {None}
        if request.axes_ip_address in known:
            return None
        since = database_now() - settings.LOCKOUT_WINDOW
        failures = AccessFailureLog.objects.filter(username=username, attempt_time__gt=since)
        found = failures.exclude(ip_address__in=known).aggregate(
            failures=Count("pk"), latest=Max("attempt_time")
        )
        return _lock_after(found["failures"], settings.LOCKOUT_FAILURES_OF_ACCOUNT, found["latest"])

    def is_locked(self, request: Any, credentials: dict[str, Any] | None = None) -> bool:
        return self.lock(request, (credentials or {}).get("username") or "") is not None

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: Any = None, **kwargs: Any
    ) -> None:
        if request is None:  # a script; cannot be used for guessing from outside
            return
        request.axes_attempt_time = database_now()
        username = credentials.get("username") or ""
        before = self.lock(request, username)
        user = User.objects.filter(username=username).first()
        device = known_devices.device_of(request, user)
        if user is None or device is None:
            super().user_login_failed(sender, credentials, request, **kwargs)
        elif not before:
            DeviceFailure.objects.create(user=user, device=device)
        after = self.lock(request, username)
        if after and not before:
            request.axes_locked_out = True
            request.axes_credentials = credentials
            _report_lockout(username, after)

    def user_logged_in(self, sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
        if request is not None:
            request.axes_attempt_time = database_now()
        super().user_logged_in(sender, request, user, **kwargs)
        # With a second factor, a correct password must not reset the count of wrong codes
        app = second_factor.authenticator_app_of(user)
        if app is None or getattr(request, _CODE_ACCEPTED, False):
            if app is not None:
                otp_login(request, app)
            known_devices.complete_sign_in(request)
            self.forget_failures(request, user)

    def forget_failures(self, request: Any, user: User) -> None:
        """Reset the counts of the client's network and device, after ``user`` authenticated completely."""
        self.reset_user_attempts(request, get_credentials(user.get_username()))
        device = known_devices.device_of(request, user)
        if device is not None:
            DeviceFailure.objects.filter(device=device).delete()

    def remove_out_of_limit_failure_logs(self, *, username: str, limit: int | None = None) -> int:
        # django-axes would delete the newest rows, which the second rule counts
        return 0


def _lock_of(attempts: QuerySet[Any], limit: int) -> Lockout | None:
    found = attempts.aggregate(failures=Sum("failures_since_start"), latest=Max("attempt_time"))
    return _lock_after(found["failures"] or 0, limit, found["latest"])


def _lock_of_device(device: Any) -> Lockout | None:
    since = database_now() - settings.LOCKOUT_WINDOW
    failures = DeviceFailure.objects.filter(device=device, at__gt=since)
    found = failures.aggregate(failures=Count("pk"), latest=Max("at"))
    return _lock_after(found["failures"], settings.AXES_FAILURE_LIMIT, found["latest"])


def _larger_network(address: str | None) -> IPv6Network | None:
    """The /48 of an IPv6 address; None for others."""
    if address is None or ip_address(address).version == 4:  # noqa: PLR2004  # the version of IP
        return None
    network = ip_network((address, IPV6_PREFIXES[-1]), strict=False)
    return network if isinstance(network, IPv6Network) else None


class LockoutBackend(AxesStandaloneBackend):
    """Refuses locked accounts before the password is checked. Calls without a request pass."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> None:
        if request is None or _both_are_right(request, username or "", password or ""):
            return
        super().authenticate(request, username=username, password=password, **kwargs)


def enter_code_with_password(request: HttpRequest, code: str) -> None:
    """Store the code that was entered together with the password, for the backend."""
    setattr(request, _CODE, code)


def _both_are_right(request: HttpRequest, username: str, password: str) -> bool:
    """Whether a locked account's owner entered password and code together, which opens every lock.

    The code is checked only after the right password, so that strangers cannot use up the owner's attempts at
    codes, and the answer does not tell which of the two was wrong.
    """
    code = getattr(request, _CODE, "")
    if not code or not lockout_of_username(username, request):
        return False
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None or not has_second_factor(user):
        User().set_password(password)  # the time that checking a password takes
        return False
    if not user.check_password(password):
        return False
    try:
        if second_factor.verify_code(user, code) is None:
            return False
    except CodesThrottled:
        return False
    setattr(request, _CODE_ACCEPTED, True)
    return True


def lockout_of(user: User, request: HttpRequest | None) -> Lockout | None:
    """The lock of an account for the client of ``request``; None if there is none."""
    return lockout_of_username(user.get_username(), request)


def lockout_of_username(username: str, request: HttpRequest | None) -> Lockout | None:
    """As ``lockout_of``, for a sign-in name that may not exist."""
    return _handler().lock(_axes_request(request), username)


def count_failed_attempt(user: User, request: HttpRequest | None) -> None:
    """Count one failed attempt for the account."""
    user_login_failed.send(
        sender=__name__, credentials={"username": user.get_username()}, request=_axes_request(request)
    )


def clear_failures(user: User, request: HttpRequest | None) -> None:
    """Reset the counts of the client after the account authenticated completely."""
    _handler().forget_failures(_axes_request(request), user)


def unlock(user: User) -> None:
    """Remove all locks of the account, for every network and device."""
    username = user.get_username()
    DeviceFailure.objects.filter(user=user).delete()
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
    """Record a lock and email the owner and the editors, once per episode."""
    user = User.objects.filter(username=username).first()
    if user is None:
        logger.warning("locked a sign-in name that no account has")
        return
    subject = f"account:{user.pk}"
    recent = LedgerEntry.objects.filter(
        event=Event.LOCKED_OUT, subject=subject, at__gt=database_now() - EPISODE
    )
    last = recent.order_by("-seq").first()
    if last is not None and '"lifted":true' not in last.body:
        return
    append_entry(
        Event.LOCKED_OUT,
        SYSTEM,
        {"about": "account", "id": user.pk, "name": username, "until": lock.until.isoformat()},
        subject=subject,
    )
    account_emails.send_lockout_email(user, lock.until)

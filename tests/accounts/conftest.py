import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django_otp.oath import TOTP

from home.models import HomePage
from monographs.accounts import second_factor
from monographs.editions.models import LedgerEntry
from tests.factories import PASSWORD


class Phone:
    """An authenticator app: shows codes, never the same twice."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self.codes = second_factor.confirm_app(user, self._next(second_factor.start_enrolment(user)))

    def code(self) -> str:
        """The next code that is accepted."""
        device = second_factor.authenticator_app_of(self.user)
        # As after waiting 30 seconds: the present code has not been used, and there is no throttling
        type(device).objects.filter(pk=device.pk).update(
            last_t=-1, throttling_failure_count=0, throttling_failure_timestamp=None
        )
        return self._next(device)

    def used_code(self) -> str:
        """The code shown now, after it was used."""
        return self._next(second_factor.authenticator_app_of(self.user))

    def _next(self, device: Any) -> str:
        totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
        return f"{totp.token():06d}"


@pytest.fixture
def phone(reviewer: Any) -> Phone:
    """The reviewer's authenticator app, set up."""
    return Phone(reviewer)


def sign_in(client: Client, user: Any, password: str = PASSWORD, **headers: str) -> Any:
    """Sign in with Wagtail's form."""
    data = {"username": user.username, "password": password}
    return client.post("/admin/login/", data, headers=headers or None)


def repeat(times: int, attempt: Callable[[], Any]) -> Any:
    """Call ``attempt`` several times and return its last result."""
    return [attempt() for _ in range(times)][-1]


class NewEntries:
    """Reads the ledger entries added since the last call."""

    def __init__(self) -> None:
        self.seq = 0
        self.read()

    def read(self) -> list[dict[str, Any]]:
        entries = list(LedgerEntry.objects.filter(seq__gt=self.seq).order_by("seq"))
        self.seq = entries[-1].seq if entries else self.seq
        return [{"event": e.event, "subject": e.subject, **json.loads(e.body)} for e in entries]

    def one(self) -> dict[str, Any]:
        (entry,) = self.read()
        return entry


@pytest.fixture
def ledger(site: HomePage) -> NewEntries:
    return NewEntries()

"""A lock is counted by the database's clock: a web server's wrong clock neither ends nor prolongs it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.test import Client
from django.utils import timezone

from monographs.core.db_clock import database_now
from monographs.feedback.rate_limits import PER_ADDRESS, AddressThrottle
from tests.accounts.conftest import repeat, sign_in

pytestmark = pytest.mark.django_db

RIGHT = timezone.now


def shift_clock(monkeypatch: pytest.MonkeyPatch, error: timedelta) -> None:
    """Let every program of the web server read a wrong clock."""

    def wrong() -> datetime:
        return RIGHT() + error

    for name in ("django.utils.timezone.now", "axes.handlers.proxy.now"):
        monkeypatch.setattr(name, wrong)
    monkeypatch.setattr("time.time", lambda: wrong().timestamp())


def test_a_fast_clock_does_not_end_a_lock(reviewer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(REMOTE_ADDR="192.0.2.1")
    assert repeat(5, lambda: sign_in(client, reviewer, "guess")).status_code == 429
    shift_clock(monkeypatch, timedelta(hours=12))
    assert sign_in(client, reviewer).status_code == 429


def test_a_slow_clock_does_not_hide_the_failures(reviewer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    shift_clock(monkeypatch, timedelta(hours=-12))
    client = Client(REMOTE_ADDR="192.0.2.1")
    assert repeat(5, lambda: sign_in(client, reviewer, "guess")).status_code == 429


@pytest.mark.parametrize("hours", [-36, 36])
def test_attempts_have_the_databases_time(reviewer: Any, monkeypatch: pytest.MonkeyPatch, hours: int) -> None:
    shift_clock(monkeypatch, timedelta(hours=hours))
    before = database_now()
    client = Client(REMOTE_ADDR="192.0.2.1")
    sign_in(client, reviewer, "guess")
    sign_in(client, reviewer, "guess")
    attempts = [row.attempt_time for row in AccessAttempt.objects.all()]
    attempts += [row.attempt_time for row in AccessFailureLog.objects.all()]
    assert attempts
    sign_in(client, reviewer)
    attempts += [row.attempt_time for row in AccessLog.objects.all()]
    assert [moment for moment in attempts if not before <= moment <= database_now()] == []


def test_answers_are_counted_by_the_databases_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    throttle = AddressThrottle()
    for _ in range(PER_ADDRESS):
        assert throttle.allows("192.0.2.1")
    shift_clock(monkeypatch, timedelta(hours=5))
    assert not throttle.allows("192.0.2.1")

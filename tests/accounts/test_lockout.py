"""Failed attempts lock an account and send emails; attempts from elsewhere do not lock its owner out."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog
from django.core import mail
from django.core.management import CommandError, call_command
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils import timezone

from monographs.accounts.identity import FailureKind, IdentityNotConfirmed, confirm, count_failure
from monographs.core.client_ip import client_ip
from monographs.editions.models import LedgerEntry
from tests.accounts.conftest import Phone, repeat, sign_in
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db

HOME, ABROAD = "192.0.2.1", "198.51.100.9"


def from_address(address: str) -> Client:
    return Client(REMOTE_ADDR=address)


def lockouts() -> list[dict[str, Any]]:
    entries = LedgerEntry.objects.filter(event="locked_out").order_by("seq")
    return [json.loads(entry.body)["data"] for entry in entries]


def later(**time: int) -> None:
    """Move the counted attempts into the past."""
    for model in (AccessAttempt, AccessFailureLog):
        for row in model.objects.all():
            model.objects.filter(pk=row.pk).update(attempt_time=row.attempt_time - timedelta(**time))


def test_five_wrong_passwords_lock_the_account_and_send_emails(reviewer: Any, editor: Any) -> None:
    client = from_address(HOME)
    last = repeat(5, lambda: sign_in(client, reviewer, "guess"))
    assert last.status_code == 429
    page = last.content.decode()
    assert "Too many wrong attempts" in page
    assert "UTC" in page
    assert sign_in(client, reviewer).status_code == 429, "the right password is not checked either"
    assert client.get("/admin/").status_code == 302
    assert [(row["name"], row["about"]) for row in lockouts()] == [("reviewer", "account")]
    assert sorted(m.to[0] for m in mail.outbox) == ["editor@example.org", "reviewer@example.org"]
    assert "until" in mail.outbox[0].body
    assert "/admin/password_reset/" in mail.outbox[0].body


def test_the_lock_ends_by_itself(reviewer: Any) -> None:
    client = from_address(HOME)
    repeat(5, lambda: sign_in(client, reviewer, "guess"))
    later(minutes=16)
    assert sign_in(client, reviewer).status_code == 302


def test_a_right_password_forgets_the_wrong_ones_before_it(reviewer: Any) -> None:
    client = from_address(HOME)
    repeat(4, lambda: sign_in(client, reviewer, "guess"))
    assert sign_in(client, reviewer).status_code == 302
    client.logout()
    assert repeat(4, lambda: sign_in(client, reviewer, "guess")).status_code == 200


def test_a_stranger_elsewhere_does_not_lock_the_owner_out(reviewer: Any) -> None:
    stranger = from_address(ABROAD)
    repeat(5, lambda: sign_in(stranger, reviewer, "guess"))
    assert sign_in(from_address(HOME), reviewer).status_code == 302


def many_strangers(user: Any, settings: Any) -> None:
    """As many failures as an account may have, from addresses that each stay below their own limit."""
    for number in range(settings.LOCKOUT_FAILURES_OF_ACCOUNT):
        sign_in(from_address(f"203.0.113.{number}"), user, "guess")


def test_slow_guessing_from_many_addresses_ends_too_but_not_for_the_owners_own(
    reviewer: Any, settings: Any
) -> None:
    settings.LOCKOUT_FAILURES_OF_ACCOUNT = 7
    sign_in(from_address(HOME), reviewer)
    many_strangers(reviewer, settings)
    assert sign_in(from_address(ABROAD), reviewer).status_code == 429
    assert sign_in(from_address(HOME), reviewer).status_code == 302, "an address it was used from is known"
    assert len(lockouts()) == 1
    later(hours=1)
    assert sign_in(from_address(ABROAD), reviewer).status_code == 429, "longer than one address's own lock"
    later(hours=24)
    assert sign_in(from_address(ABROAD), reviewer).status_code == 302


def test_wrong_codes_count_and_a_right_password_does_not_buy_new_ones(reviewer: Any, phone: Phone) -> None:
    client = from_address(HOME)
    for _ in range(5):
        phone.code()
        assert sign_in(client, reviewer).status_code == 302
        refused = client.post("/admin/second-factor/code/", {"code": "000000"})
        assert refused.status_code == 403
    assert sign_in(from_address(HOME), reviewer).status_code == 429
    assert "Too many wrong attempts" in (
        client.post("/admin/second-factor/code/", {"code": phone.code()}).content.decode()
    )
    assert len(lockouts()) == 1


def test_signing_and_signing_in_count_together(reviewer: Any) -> None:
    client = from_address(HOME)
    repeat(3, lambda: sign_in(client, reviewer, "guess"))
    request = RequestFactory(REMOTE_ADDR=HOME).post("/admin/review/1/sign/")
    for _ in range(2):
        count_failure(reviewer, request)
    assert sign_in(client, reviewer).status_code == 429
    with pytest.raises(IdentityNotConfirmed) as locked:
        confirm(reviewer, password=PASSWORD, request=request)
    assert locked.value.kind == FailureKind.LOCKED


def test_an_unknown_sign_in_name_is_not_recorded(site: Any) -> None:
    client = from_address(HOME)
    nobody = make_user("nobody")
    nobody.username = "no-such-account"
    assert repeat(6, lambda: sign_in(client, nobody, "guess")).status_code == 429
    assert not lockouts()
    assert not mail.outbox


def test_no_secret_is_kept_with_the_failures(reviewer: Any, phone: Phone) -> None:
    client = from_address(HOME)
    sign_in(client, reviewer)
    client.post("/admin/second-factor/code/", {"code": "246810"})
    client.logout()
    sign_in(client, reviewer, "a-guess-near-the-truth")
    kept = " ".join(AccessAttempt.objects.values_list("post_data", flat=True))
    assert "246810" not in kept
    assert "a-guess-near-the-truth" not in kept


def test_an_operator_can_let_somebody_try_again(reviewer: Any, settings: Any) -> None:
    settings.LOCKOUT_FAILURES_OF_ACCOUNT = 6
    client = from_address(HOME)
    repeat(5, lambda: sign_in(client, reviewer, "guess"))
    sign_in(from_address(ABROAD), reviewer, "guess")
    call_command("unlock_account", "reviewer", stdout=StringIO())
    assert sign_in(client, reviewer).status_code == 302
    assert lockouts()[-1]["lifted"] is True
    with pytest.raises(CommandError, match="no account"):
        call_command("unlock_account", "nobody")


def test_a_mail_server_that_is_down_does_not_prevent_the_lock(reviewer: Any, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1
    client = from_address(HOME)
    assert repeat(5, lambda: sign_in(client, reviewer, "guess")).status_code == 429
    assert len(lockouts()) == 1


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.5", "192.0.2.1"),
        (1, "203.0.113.5", "203.0.113.5"),
        (1, "198.51.100.1, 203.0.113.5", "203.0.113.5"),
        (2, "1.2.3.4, 203.0.113.5, 10.0.0.1", "203.0.113.5"),
        (2, "203.0.113.5", "192.0.2.1"),
        (1, "not an address", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "2001:DB8::1", "2001:db8::1"),
        (1, "::ffff:203.0.113.5", "203.0.113.5"),
    ],
)
def test_the_address_is_the_one_the_nearest_trusted_proxy_saw(
    settings: Any, proxies: int, forwarded: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory(REMOTE_ADDR=HOME).get("/", headers={"X-Forwarded-For": forwarded})
    assert client_ip(request) == address


def test_a_script_has_no_address() -> None:
    assert client_ip(HttpRequest()) is None


def test_the_failures_of_a_day_are_all_counted(reviewer: Any, settings: Any) -> None:
    """django-axes would drop the newest above its limit, and with them the count."""
    settings.AXES_ACCESS_FAILURE_LOG_PER_USER_LIMIT = 2
    for number in range(4):
        sign_in(from_address(f"203.0.113.{number}"), reviewer, "guess")
    assert AccessFailureLog.objects.filter(attempt_time__lte=timezone.now()).count() == 4

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

from monographs.accounts import second_factor
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
    assert "enter password and code together" in mail.outbox[0].body


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
    later(minutes=2)
    assert sign_in(from_address(ABROAD), reviewer).status_code == 302, "a lock is a minute at first"


def test_a_lock_grows_to_an_hour_and_no_longer(reviewer: Any) -> None:
    client = from_address(HOME)
    repeat(5, lambda: sign_in(client, reviewer, "guess"))
    for minutes in (1, 2, 4, 8, 16, 32, 60, 60):
        later(minutes=minutes - 1, seconds=50)
        assert sign_in(client, reviewer, "guess").status_code == 429, f"{minutes} minutes are not over"
        assert "Too many wrong attempts" in sign_in(client, reviewer).content.decode()
        later(seconds=11)
        assert sign_in(client, reviewer, "guess").status_code == 429, "counted, and locked anew"
    later(minutes=60, seconds=1)
    assert sign_in(client, reviewer).status_code == 302


def test_the_owner_is_told_once_per_episode(reviewer: Any, editor: Any) -> None:
    client = from_address(HOME)
    repeat(5, lambda: sign_in(client, reviewer, "guess"))
    for _ in range(3):
        later(minutes=61)
        sign_in(client, reviewer, "guess")
    assert len(lockouts()) == 1
    assert [m.to[0] for m in mail.outbox].count("reviewer@example.org") == 1


@pytest.mark.parametrize(
    ("pattern", "guesses"),
    [("2001:db8:1:2::{:x}", 5), ("2001:db8:1:{:x}::1", 10), ("2001:db8:1:{:x}:{:x}::", 10)],
)
def test_an_ipv6_client_is_counted_by_its_networks(reviewer: Any, pattern: str, guesses: int) -> None:
    for number in range(1, guesses + 1):
        sign_in(from_address(pattern.format(number, number)), reviewer, "guess")
    assert sign_in(from_address(pattern.format(99, 99)), reviewer).status_code == 429
    assert sign_in(from_address("2001:db8:2::1"), reviewer).status_code == 302, "another customer's network"


def test_a_known_network_is_known_by_its_64(reviewer: Any, settings: Any) -> None:
    settings.LOCKOUT_FAILURES_OF_ACCOUNT = 7
    sign_in(from_address("2001:db8:7:7::1"), reviewer)
    many_strangers(reviewer, settings)
    assert sign_in(from_address("2001:db8:7:7:aaaa::1"), reviewer).status_code == 302


def test_a_known_device_signs_in_from_anywhere_while_strangers_guess(reviewer: Any, settings: Any) -> None:
    settings.LOCKOUT_FAILURES_OF_ACCOUNT = 7
    laptop = from_address(HOME)
    cookie = sign_in(laptop, reviewer).cookies["known_device"]
    assert (cookie["httponly"], cookie["path"], cookie["samesite"]) == (True, "/admin/", "Lax")
    many_strangers(reviewer, settings)
    repeat(6, lambda: sign_in(from_address(ABROAD), reviewer, "guess"))
    laptop.logout()
    laptop.cookies["known_device"] = cookie.value
    laptop.defaults["REMOTE_ADDR"] = ABROAD
    assert sign_in(laptop, reviewer).status_code == 302, "even from the guesser's own network"


def test_a_known_device_is_locked_by_its_own_failures_alone(reviewer: Any, editor: Any) -> None:
    laptop = from_address(HOME)
    value = sign_in(laptop, reviewer).cookies["known_device"].value
    thief = from_address(ABROAD)
    thief.cookies["known_device"] = value
    assert repeat(5, lambda: sign_in(thief, reviewer, "guess")).status_code == 429
    assert sign_in(thief, reviewer).status_code == 429
    assert sign_in(from_address(HOME), reviewer).status_code == 302, (
        "without the cookie, from a known network"
    )
    thief.cookies["known_device"] = value
    assert repeat(5, lambda: sign_in(thief, editor, "guess")).status_code == 429, "known for one account only"
    reviewer.set_password("another staple")
    reviewer.save()
    owner = from_address(ABROAD)
    owner.cookies["known_device"] = value
    assert sign_in(owner, reviewer, "another staple").status_code == 302, "the password ended what was known"


def test_a_forged_or_changed_device_is_not_known(reviewer: Any) -> None:
    value = sign_in(from_address(HOME), reviewer).cookies["known_device"].value
    for forged in ("x", value[:-1] + ("A" if value[-1] != "A" else "B"), ""):
        client = from_address(ABROAD)
        for _ in range(5):
            client.cookies["known_device"] = forged
            sign_in(client, reviewer, "guess")
        assert sign_in(from_address(ABROAD), reviewer).status_code == 429
        later(days=2)


def test_no_public_page_sets_a_device(client: Client, reviewer: Any, phone: Phone) -> None:
    assert "known_device" not in sign_in(client, reviewer).cookies, "the code is missing"
    assert "known_device" in client.post("/admin/second-factor/code/", {"code": phone.code()}).cookies
    assert not client.get("/").cookies


def test_a_second_factor_signs_in_while_strangers_guess(reviewer: Any, phone: Phone, settings: Any) -> None:
    settings.LOCKOUT_FAILURES_OF_ACCOUNT = 7
    many_strangers(reviewer, settings)
    client = from_address(HOME)
    assert sign_in(client, reviewer).status_code == 302
    assert client.post("/admin/second-factor/code/", {"code": phone.code()}).status_code == 302


def test_password_and_code_together_open_a_lock_of_the_own_network(reviewer: Any, phone: Phone) -> None:
    repeat(5, lambda: sign_in(from_address(HOME), reviewer, "guess"))
    client = from_address(HOME)
    locked = sign_in(client, reviewer)
    assert locked.status_code == 429
    assert 'name="code"' in locked.content.decode()

    def together(password: str, code: str) -> Any:
        data = {"username": reviewer.username, "password": password, "code": code}
        return client.post("/admin/login/", data)

    wrong_password, wrong_code = together("guess", phone.code()), together(PASSWORD, "000000")
    assert wrong_password.status_code == wrong_code.status_code == 429
    assert together(PASSWORD, phone.code()).status_code == 302
    assert client.get("/admin/").status_code == 200, "the code was entered already"


def test_strangers_cannot_use_up_the_owners_codes(reviewer: Any, phone: Phone) -> None:
    client = from_address(HOME)
    repeat(5, lambda: sign_in(client, reviewer, "guess"))
    for _ in range(5):
        client.post("/admin/login/", {"username": "reviewer", "password": "guess", "code": "000000"})
    assert second_factor.authenticator_app_of(reviewer).throttling_failure_count == 0


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
        # With the port, as Azure's gateway says it
        (1, "198.51.100.7, 203.0.113.5:51234", "203.0.113.5"),
        (1, "[2001:db8::1]:51234", "2001:db8::1"),
        (1, "[2001:db8::1]", "2001:db8::1"),
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

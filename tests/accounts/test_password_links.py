"""Links to choose a password: limited, answered alike for every address, working once."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from monographs.accounts import password_links, signing_holds
from monographs.accounts.models import PasswordLinkRequest
from tests.accounts.conftest import Phone, sign_in
from tests.conftest import as_user
from tests.factories import make_user

pytestmark = pytest.mark.django_db

RESET = "/admin/password_reset/"
NEW = {"new_password1": "another battery staple", "new_password2": "another battery staple"}


def ask(email: str, address: str = "192.0.2.1") -> Any:
    return Client(REMOTE_ADDR=address).post(RESET, {"email": email})


def link() -> str:
    """The path in the last email."""
    return re.search(r"https?://[^/]+(/admin/password_reset/confirm/\S+)", str(mail.outbox[-1].body)).group(1)


def open_link(path: str) -> tuple[Client, str]:
    """Open a link in a new browser; return it and the address of the form."""
    client = Client()
    answer = client.get(path)
    return client, answer.url if answer.status_code == 302 else ""


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(reviewer: Any) -> None:
    assert ask("REVIEWER@example.org").url == f"{RESET}done/"
    (letter,) = mail.outbox
    assert letter.to == ["reviewer@example.org"]
    path = link()
    client, form = open_link(path)
    other, _ = open_link(path)
    assert client.get(form).status_code == 200
    assert client.post(form, NEW).url == "/admin/login/"
    page = client.get("/admin/login/").content.decode()
    assert "Your password is saved." in page
    assert re.search(r'<input[^>]*name="username"[^>]* autofocus', page)
    assert sign_in(Client(), reviewer, NEW["new_password1"]).status_code == 302
    assert "does not work" in client.get(path).content.decode()
    assert "does not work" in other.post(form, NEW).content.decode()
    assert signing_holds.open_holds(reviewer).exists()
    assert mail.outbox[-1].to == ["reviewer@example.org"]
    assert "the password" in mail.outbox[-1].body


def test_an_invited_user_chooses_the_password_and_waits_to_sign(superuser: Any) -> None:
    new = {"username": "new", "email": "new@example.org", "first_name": "New", "last_name": "User"}
    as_user(superuser).post("/admin/users/new/", new)
    client, form = open_link(link())
    assert client.post(form, NEW).status_code == 302
    user = User.objects.get(username="new")
    assert user.check_password(NEW["new_password1"])
    assert signing_holds.open_holds(user).get().reason == "link"


def test_with_a_second_factor_a_mailbox_is_not_enough(reviewer: Any, phone: Phone) -> None:
    ask(reviewer.email)
    client, form = open_link(link())
    before = User.objects.get(pk=reviewer.pk).password
    for code in ("", "000000"):
        assert client.post(form, NEW | {"code": code}).status_code == 200
        assert User.objects.get(pk=reviewer.pk).password == before
    assert client.post(form, NEW | {"code": phone.code()}).status_code == 302


def test_letters_are_limited_for_an_address_however_it_is_written(reviewer: Any) -> None:
    for number in range(6):
        spelling = (str.upper, str.lower, str.title)[number % 3](reviewer.email)
        assert ask(spelling, f"203.0.113.{number}").url == f"{RESET}done/"
    assert len(mail.outbox) == password_links.PER_ADDRESS
    PasswordLinkRequest.objects.update(at=F("at") - timedelta(hours=1, seconds=1))
    ask(reviewer.email)
    assert len(mail.outbox) == password_links.PER_ADDRESS + 1


@pytest.mark.parametrize(
    ("pattern", "limit"), [("192.0.2.1", 10), ("2001:db8:1:2::{:x}", 10), ("2001:db8:1:{:x}::1", 30)]
)
def test_letters_are_limited_for_a_network(site: Any, pattern: str, limit: int) -> None:
    for number in range(limit + 3):
        user = make_user(f"somebody{number}")
        ask(user.email, pattern.format(number))
    assert len(mail.outbox) == limit


def test_what_is_sent_by_a_superuser_counts_as_well(superuser: Any, reviewer: Any) -> None:
    client = as_user(superuser)
    for _ in range(5):
        client.post(f"/admin/users/send-link/{reviewer.pk}/")
    assert len(mail.outbox) == password_links.PER_ADDRESS
    assert "within the last hour" in client.get("/admin/users/").content.decode()


def test_inactive_accounts_get_no_link_and_cannot_use_one(reviewer: Any) -> None:
    ask(reviewer.email)
    reviewer.is_active = False
    reviewer.save()
    assert "does not work" in Client().get(link()).content.decode()
    mail.outbox.clear()
    ask(reviewer.email, "203.0.113.9")
    assert not mail.outbox


def test_the_answer_does_not_tell_whether_an_account_has_the_address(
    reviewer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is looked up before the whole answer was sent, so its time is that of the same queries."""
    monkeypatch.setattr(password_links, "send_links", lambda email: None)  # what is done after the answer
    seen = []
    for email in (reviewer.email, "nobody@example.org"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = ask(email)
        shape = [re.sub(r"address [0-9a-f]{64}", "address", q["sql"]) for q in queries]
        seen.append((answer.status_code, answer.url, answer.content, len(shape)))
        assert not [sql for sql in shape if "auth_user" in sql]
    assert seen[0] == seen[1]


def test_the_work_after_the_answer_is_the_same_too(reviewer: Any) -> None:
    counted = []
    for email in (reviewer.email, "nobody@example.org"):
        with CaptureQueriesContext(connection) as queries:
            ask(email)
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert len(mail.outbox) == 1


def test_the_links_are_sent_when_the_answer_is_closed(reviewer: Any) -> None:
    answer = password_links.RedirectThenSend("/", reviewer.email)
    assert not mail.outbox
    answer.close()
    answer.close()
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_concurrent_requests_stay_within_the_limit(site: Any) -> None:
    def count(number: int) -> bool:
        try:
            return password_links._count(("x", 3))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(count, range(16))) == 3


@pytest.mark.django_db(transaction=True)
def test_a_link_used_twice_at_once_works_once(site: Any) -> None:
    user = make_user("somebody")
    ask(user.email)
    browsers = [open_link(link()) for _ in range(4)]

    def choose(number: int) -> int:
        client, form = browsers[number]
        password = f"another battery {number}"
        try:
            return client.post(form, {"new_password1": password, "new_password2": password}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(choose, range(4))).count(302) == 1

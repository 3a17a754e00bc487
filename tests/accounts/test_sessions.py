"""Expiry and end of sessions."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from monographs.accounts import second_factor, session_age
from tests.accounts.conftest import Phone, sign_in

pytestmark = pytest.mark.django_db

HOUR = 3600


def let_time_pass(client: Client, seconds: int, *keys: str) -> None:
    session = client.session
    for key in keys or (session_age.SIGNED_IN_AT, session_age.SEEN_AT):
        session[key] -= seconds
    session.save()


def is_signed_in(client: Client) -> bool:
    return bool(client.get("/admin/").status_code == 200)


@pytest.fixture
def client_of_reviewer(client: Client, reviewer: Any) -> Client:
    sign_in(client, reviewer)
    assert is_signed_in(client)
    return client


def test_nobody_stays_signed_in_longer_than_a_working_day(client_of_reviewer: Client) -> None:
    let_time_pass(client_of_reviewer, 8 * HOUR - 120, session_age.SIGNED_IN_AT)
    assert is_signed_in(client_of_reviewer)
    let_time_pass(client_of_reviewer, 120, session_age.SIGNED_IN_AT)
    answer = client_of_reviewer.get("/admin/review/")
    assert answer.url == "/admin/login/?next=%2Fadmin%2Freview%2F"
    assert "signed out" in client_of_reviewer.get(answer.url).content.decode()
    assert not is_signed_in(client_of_reviewer)


def test_remembering_does_not_make_it_longer(client: Client, reviewer: Any) -> None:
    client.post(
        "/admin/login/",
        {"username": reviewer.username, "password": "correct horse battery staple", "remember": "on"},
    )
    let_time_pass(client, 8 * HOUR)
    assert not is_signed_in(client)


def test_doing_nothing_signs_out_and_doing_something_does_not(
    client_of_reviewer: Client, settings: Any
) -> None:
    settings.SESSION_IDLE = settings.SESSION_IDLE / 16
    for _ in range(3):
        let_time_pass(client_of_reviewer, 20 * 60)
        assert is_signed_in(client_of_reviewer)
    let_time_pass(client_of_reviewer, 31 * 60)
    assert not is_signed_in(client_of_reviewer)


@pytest.mark.parametrize(
    "heartbeat", ["editing-sessions/ping/monographs/monographpage/1/1/", "review/1/looking/"]
)
def test_a_screen_left_open_does_not_keep_the_session_alive(
    heartbeat: str, client_of_reviewer: Client
) -> None:
    let_time_pass(client_of_reviewer, 20 * 60)
    before = client_of_reviewer.session[session_age.SEEN_AT]
    client_of_reviewer.post(f"/admin/{heartbeat}")
    assert client_of_reviewer.session[session_age.SEEN_AT] == before
    client_of_reviewer.get("/admin/")
    assert client_of_reviewer.session[session_age.SEEN_AT] > before


def test_another_password_ends_every_session(client_of_reviewer: Client, reviewer: Any) -> None:
    reviewer.set_password("another staple")
    reviewer.save()
    assert not is_signed_in(client_of_reviewer)


def test_deactivation_ends_every_session(client_of_reviewer: Client, reviewer: Any) -> None:
    reviewer.is_active = False
    reviewer.save()
    assert not is_signed_in(client_of_reviewer)


def test_rights_are_looked_up_at_each_request(client_of_reviewer: Client, reviewer: Any) -> None:
    reviewer.groups.clear()
    assert not is_signed_in(client_of_reviewer)
    reviewer.groups.add(Group.objects.get(name="Medical writers"))
    assert is_signed_in(client_of_reviewer)


def test_a_second_factor_set_up_elsewhere_is_asked_for_at_once(
    client_of_reviewer: Client, reviewer: Any
) -> None:
    Phone(reviewer)
    assert client_of_reviewer.get("/admin/").url.startswith("/admin/second-factor/code/")


def test_a_second_factor_removed_or_replaced_elsewhere_ends_the_session(
    client: Client, reviewer: Any, phone: Phone
) -> None:
    sign_in(client, reviewer)
    client.post("/admin/second-factor/code/", {"code": phone.code()})
    assert is_signed_in(client)
    second_factor.remove_second_factor(reviewer)
    assert client.get("/admin/").url.startswith("/admin/login/")
    assert "_auth_user_id" not in client.session


def test_a_form_that_comes_too_late_leads_back_to_the_admin(client_of_reviewer: Client) -> None:
    let_time_pass(client_of_reviewer, 9 * HOUR)
    assert client_of_reviewer.post("/admin/account/", {}).url == "/admin/login/?next=%2Fadmin%2F"


SIGN_OUT = "/admin/logout/"


@pytest.mark.parametrize("method", ["get", "head", "options", "put", "delete", "patch"])
def test_only_a_post_signs_out(client_of_reviewer: Client, method: str) -> None:
    answer = getattr(client_of_reviewer, method)(SIGN_OUT)
    assert answer.status_code == (200 if method in ("get", "head") else 405)
    assert "sessionid" not in answer.cookies, "the browser keeps its session"
    assert is_signed_in(client_of_reviewer)


def test_who_follows_the_address_is_asked_and_signs_out_by_the_form(reviewer: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(reviewer, backend="django.contrib.auth.backends.ModelBackend")
    asked = client.get(SIGN_OUT)
    assert "Sign out?" in asked.content.decode()
    assert client.post(SIGN_OUT).status_code == 403, "without the form's token"
    assert is_signed_in(client)
    form = {"csrfmiddlewaretoken": asked.context["csrf_token"]}
    assert client.post(SIGN_OUT, form).status_code == 302
    assert not is_signed_in(client)
    assert client.get(SIGN_OUT).url == "/admin/login/?next=/admin/"

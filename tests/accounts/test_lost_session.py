"""A lost session or a stale token: nothing is saved, the typed words are shown, and secrets never are."""

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.sessions.models import Session
from django.test import Client
from django_otp.plugins.otp_static.models import StaticDevice

from monographs.accounts.second_factor import normalised_recovery_code
from monographs.accounts.session_state import storage_keys
from tests.accounts.conftest import Phone, sign_in
from tests.conftest import as_user
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

SCRIPT = {"X-Sign-In-Dialog": "1"}
WORDS = "The label says 5 mg, not 50 mg."
NOTES = "/admin/review/1/notes/"
SECRETS = {"password": PASSWORD, "code": "123 456 789", "next": "/a b c/"}
FORM = {"section": "how_it_works", "body": WORDS, **SECRETS}


def test_a_script_is_told_who_is_signed_in(writer: Any, reviewer: Any) -> None:
    answer = as_user(writer).get("/admin/session/")
    state = answer.json()
    assert (state["user"], state["name"]) == (writer.pk, "Writer Tester")
    assert state["csrf"]
    assert "no-store" in answer["Cache-Control"]
    assert [state["key"]] == storage_keys(writer) != storage_keys(reviewer)
    assert state["earlier_keys"] == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_script_without_a_session_gets_json(client: Client, method: str) -> None:
    answer = getattr(client, method)("/admin/review/", headers=SCRIPT)
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")
    assert client.get("/admin/session/")["Location"].startswith("/admin/login/")


def test_a_script_gets_json_before_the_code_and_after_expiry(
    client: Client, reviewer: Any, phone: Phone
) -> None:
    sign_in(client, reviewer)
    assert client.get("/admin/session/", headers=SCRIPT).status_code == 401
    client.post("/admin/second-factor/code/", {"code": phone.code()})
    assert client.get("/admin/session/", headers=SCRIPT).status_code == 200
    session = client.session
    session["seen_at"] = 0
    session.save()
    answer = client.post(NOTES, FORM, headers=SCRIPT)
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")
    assert "without activity" in answer.json()["message"]


@pytest.mark.parametrize("expired", [True, False], ids=["expired", "deleted"])
def test_a_form_posted_without_a_session_shows_its_words_and_no_secret(
    client: Client, reviewer: Any, expired: bool
) -> None:
    client.force_login(reviewer)
    session = client.session
    session["seen_at"] = 0
    session.save()
    if not expired:
        Session.objects.all().delete()
    page = "/admin/review/1/?view=side"
    answer = client.post(NOTES, FORM, headers={"Referer": f"http://testserver{page}"})
    text = answer.content.decode()
    assert answer.status_code == 401
    assert WORDS in text
    assert "next=%2Fadmin%2Freview%2F1%2F%3Fview%3Dside" in text
    for secret in (PASSWORD, "123 456 789", "/a b c/"):
        assert secret not in text
    assert "<form" not in text, "nothing that another site could have sent is one click from being done"


def test_rich_text_is_shown_as_its_words(client: Client) -> None:
    content = json.dumps({"blocks": [{"text": "Take it with"}, {"text": "water"}], "entityMap": {}})
    answer = client.post("/admin/pages/3/edit/", {"sections-0-value-content-0-value": content})
    assert "Take it with\nwater" in answer.content.decode()


def test_another_sites_words_are_not_shown(client: Client) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
        answer = client.post(NOTES, FORM, headers=headers)
        assert answer.status_code == 302
        strict = Client(enforce_csrf_checks=True)
        assert WORDS not in strict.post("/admin/login/", FORM, headers=headers).content.decode()


def test_a_stale_token_is_explained_in_plain_words(reviewer: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(reviewer)
    answer = client.post(NOTES, FORM)
    text = answer.content.decode()
    assert answer.status_code == 403
    assert "Nothing was saved" in text
    assert WORDS in text
    assert "CSRF" not in " ".join(BeautifulSoup(text, "html.parser").main.stripped_strings)
    assert PASSWORD not in text
    answer = client.post(NOTES, FORM, headers=SCRIPT)
    assert (answer.status_code, answer.json()["code"]) == (403, "stale_token")


def test_a_sign_in_in_the_dialog_is_the_sign_in(client: Client, reviewer: Any, phone: Phone) -> None:
    """The dialog posts the forms of the sign-in pages: their counts, locks and codes are its own."""
    form = client.get("/admin/session/", follow=True)
    assert b'class="login-form"' in form.content
    data = {"username": reviewer.username, "password": PASSWORD, "next": "/admin/session/"}
    code = client.post("/admin/login/", data, follow=True)
    assert b'name="code"' in code.content
    assert b'name="next" value="/admin/session/"' in code.content
    wrong = client.post("/admin/second-factor/code/", {"code": "wrong code", "next": "/admin/session/"})
    assert wrong.status_code == 403
    assert client.get("/admin/session/", headers=SCRIPT).status_code == 401
    recovery = phone.codes[0]
    assert recovery == normalised_recovery_code(recovery)
    phone.code()  # ends the wait after the wrong code
    StaticDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    done = client.post(
        "/admin/second-factor/code/", {"code": recovery, "next": "/admin/session/"}, follow=True
    )
    assert done.json()["user"] == reviewer.pk


def test_every_page_says_for_whom_it_was_made(writer: Any, client: Client) -> None:
    page = as_user(writer).get("/admin/").content.decode()
    assert f'data-page-user="{writer.pk}"' in page
    assert page.count("/static/js/kept-text/") == 5
    assert "data-page-user" not in client.get("/admin/login/").content.decode()

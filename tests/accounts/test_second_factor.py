"""The second factor at sign-in, and who may do what to it."""

import html
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from monographs.accounts import second_factor
from monographs.accounts.models import GroupSecondFactor
from tests.accounts.conftest import Phone, sign_in
from tests.factories import PASSWORD, make_image

pytestmark = pytest.mark.django_db

CODE = "/admin/second-factor/code/"
SET_UP = "/admin/second-factor/"


def require(name: str) -> None:
    GroupSecondFactor.objects.create(group=Group.objects.get(name=name), required=True)


def test_a_password_alone_signs_in_where_there_is_no_second_factor(client: Client, reviewer: Any) -> None:
    assert sign_in(client, reviewer).status_code == 302
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("path", ["/admin/", "/admin/review/", "/admin/pages/", "/admin/account/", SET_UP])
def test_no_screen_opens_before_the_code(client: Client, reviewer: Any, phone: Phone, path: str) -> None:
    sign_in(client, reviewer)
    answer = client.get(path)
    assert (answer.status_code, answer.url.split("?")[0]) == (302, CODE)


@pytest.mark.usefixtures("figure_files")
def test_neither_scripts_nor_images_are_served_before_the_code(
    client: Client, reviewer: Any, phone: Phone
) -> None:
    image = make_image("red")
    sign_in(client, reviewer)
    assert client.get("/admin/api/main/pages/").status_code == 403
    assert client.get("/admin/", headers={"X-Requested-With": "XMLHttpRequest"}).status_code == 403
    assert client.get(f"/admin/media/{image.file.name}")["Location"].startswith(CODE)
    assert client.post("/admin/account/", {"name_email-first_name": "x"})["Location"].startswith(CODE)
    reviewer.refresh_from_db()
    assert reviewer.first_name == "Reviewer"


def test_the_code_opens_what_was_asked_for(client: Client, reviewer: Any, phone: Phone) -> None:
    sign_in(client, reviewer)
    answer = client.post(CODE, {"code": phone.code(), "next": "/admin/review/"})
    assert answer.url == "/admin/review/"
    assert client.get("/admin/review/").status_code == 200
    assert client.get(CODE).status_code == 302


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example/", "/medicines/"])
def test_the_redirect_stays_in_the_admin(client: Client, reviewer: Any, phone: Phone, elsewhere: str) -> None:
    sign_in(client, reviewer)
    assert client.post(CODE, {"code": phone.code(), "next": elsewhere}).url == "/admin/"


def test_a_wrong_code_opens_nothing_and_a_code_counts_once(reviewer: Any, phone: Phone) -> None:
    code = phone.code()
    first, second = Client(), Client()
    for browser in (first, second):
        sign_in(browser, reviewer)
    assert first.post(CODE, {"code": f"{(int(code) + 1) % 1_000_000:06d}"}).status_code == 403
    assert first.get("/admin/").status_code == 302
    assert first.post(CODE, {"code": phone.code()}).status_code == 302
    refused = second.post(CODE, {"code": phone.used_code()})
    assert refused.status_code == 403
    assert "used before" in refused.content.decode()
    assert second.get("/admin/").status_code == 302


def test_after_a_wrong_code_the_next_one_has_to_wait(client: Client, reviewer: Any, phone: Phone) -> None:
    sign_in(client, reviewer)
    right = phone.code()
    TOTPDevice.objects.update(throttling_failure_count=0)
    for _ in range(4):
        second_factor.authenticator_app_of(reviewer).throttle_increment()
    answer = client.post(CODE, {"code": right})
    assert answer.status_code == 403
    assert "accepted after" in answer.content.decode()


def test_a_recovery_code_works_once_however_it_is_typed(reviewer: Any, phone: Phone) -> None:
    code = phone.codes[0]
    typed = f" {code[:4].upper()}-{code[4:]} "
    first, second = Client(), Client()
    for browser in (first, second):
        sign_in(browser, reviewer)
    assert first.post(CODE, {"code": typed}).status_code == 302
    assert first.get("/admin/").status_code == 200
    assert second.post(CODE, {"code": typed}).status_code == 403
    assert second_factor.recovery_codes_left(reviewer) == second_factor.RECOVERY_CODES - 1


def test_a_group_that_requires_one_leads_its_members_to_set_it_up(client: Client, reviewer: Any) -> None:
    require("Medical reviewers")
    sign_in(client, reviewer)
    assert client.get("/admin/review/").url.startswith(SET_UP)
    assert client.get("/admin/api/main/pages/").status_code == 403
    page = client.get(SET_UP).content.decode()
    assert "Your group requires a second factor" in page
    key = second_factor.unconfirmed_app(reviewer)
    phone = Phone.__new__(Phone)
    wrong = client.post(SET_UP, {"code": "000000", "password": "wrong"})
    assert wrong.status_code == 403
    assert not second_factor.has_second_factor(reviewer)

    done = client.post(SET_UP, {"code": phone._next(key), "password": PASSWORD, "next": "/admin/review/"})

    assert done.status_code == 200
    assert done.content.decode().count("<li><code>") == second_factor.RECOVERY_CODES
    assert "no-store" in done["Cache-Control"]
    assert client.get("/admin/review/").status_code == 200


def test_nobody_else_is_asked_for_one(client: Client, writer: Any) -> None:
    require("Medical reviewers")
    sign_in(client, writer)
    assert client.get("/admin/").status_code == 200


def test_the_qr_code_is_part_of_the_page_and_says_the_key(client: Client, reviewer: Any) -> None:
    sign_in(client, reviewer)
    page = client.get(SET_UP).content.decode()
    assert "<svg" in page
    assert 'src="http' not in page
    first = second_factor.unconfirmed_app(reviewer)
    client.get(SET_UP)
    assert second_factor.unconfirmed_app(reviewer).key != first.key, "a key is shown on one page only"


def test_the_app_on_the_same_phone_is_one_link_away(client: Client, reviewer: Any) -> None:
    client.force_login(reviewer)
    shown = html.unescape(client.get(SET_UP).content.decode())
    device = second_factor.unconfirmed_app(reviewer)
    assert f'<a href="{device.config_url}">' in shown
    assert device.config_url.startswith("otpauth://totp/")


def test_recovery_codes_are_renewed_and_the_factor_removed_with_password_and_code(
    client: Client, reviewer: Any, phone: Phone
) -> None:
    sign_in(client, reviewer)
    client.post(CODE, {"code": phone.code()})
    for path in (f"{SET_UP}recovery-codes/", f"{SET_UP}remove/"):
        assert client.get(path).status_code == 200
        assert client.post(path, {"password": "wrong", "code": phone.code()}).status_code == 403
        assert client.post(path, {"password": PASSWORD, "code": phone.used_code() + "1"}).status_code == 403
        assert client.post(path, {"password": PASSWORD}).status_code == 400
        # The wrong attempts of this test must not lock the account
        phone.code()
    before = set(phone.codes)
    renewed = client.post(f"{SET_UP}recovery-codes/", {"password": PASSWORD, "code": phone.code()})
    assert renewed.content.decode().count("<li><code>") == second_factor.RECOVERY_CODES
    assert second_factor.verify_code(reviewer, before.pop()) is None
    phone.code()
    removed = client.post(f"{SET_UP}remove/", {"password": PASSWORD, "code": phone.code()})
    assert removed.status_code == 302
    assert not second_factor.has_second_factor(reviewer)
    assert client.get("/admin/").status_code == 200


def test_only_administrators_say_which_groups_need_one(client: Client, editor: Any, superuser: Any) -> None:
    client.force_login(editor)
    assert client.get(f"{SET_UP}groups/").status_code == 302
    client.force_login(superuser)
    reviewers = Group.objects.get(name="Medical reviewers")
    client.post(f"{SET_UP}groups/", {"groups": [reviewers.pk]})
    assert list(GroupSecondFactor.objects.filter(required=True).values_list("group", flat=True)) == [
        reviewers.pk
    ]
    assert f'value="{reviewers.pk}" id="id_groups' in client.get(f"{SET_UP}groups/").content.decode()
    client.post(f"{SET_UP}groups/", {})
    assert not GroupSecondFactor.objects.filter(required=True).exists()


def test_an_unconfirmed_key_asks_nobody_for_a_code(client: Client, reviewer: Any) -> None:
    second_factor.start_enrolment(reviewer)
    sign_in(client, reviewer)
    assert client.get("/admin/").status_code == 200
    assert second_factor.verify_code(reviewer, "123456") is None


def test_no_group_requires_one_from_the_start(site: Any) -> None:
    assert not GroupSecondFactor.objects.filter(required=True).exists()


def test_an_operator_removes_it_for_somebody_who_lost_everything(reviewer: Any, phone: Phone) -> None:
    call_command("remove_second_factor", "reviewer", stdout=StringIO())
    assert not second_factor.has_second_factor(reviewer)
    with pytest.raises(CommandError, match="no account"):
        call_command("remove_second_factor", "reviewer")


def test_a_recovery_code_of_digits_only_is_not_taken_for_the_apps(reviewer: Any, phone: Phone) -> None:
    StaticToken.objects.filter(token=phone.codes[0]).update(token="23456723")
    assert second_factor.verify_code(reviewer, "2345 6723") == second_factor.FactorKind.RECOVERY

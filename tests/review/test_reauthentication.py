"""Signing and withdrawing confirm the user's identity each time and count failed attempts."""

import re
from typing import Any

import pytest
from django.test import Client

from monographs.editions.models import Edition, Signature
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import Sign, Withdraw
from monographs.review.models import Submission
from tests.accounts.conftest import Phone
from tests.factories import PASSWORD, make_monograph, read_all, sign, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(reviewer: Any) -> Phone:
    """The reviewer's authenticator app, set up as second factor."""
    return Phone(reviewer)


@pytest.fixture
def submission(writer: Any, reviewer: Any) -> Submission:
    """A submission whose changes the reviewer has marked as read."""
    submitted = submit(make_monograph(by=writer), writer)
    read_all(submitted, reviewer)
    return submitted


def refusal_of(user: Any, submission: Submission, **proof: str) -> PolicyError:
    with pytest.raises(PolicyError) as refused:
        Sign(user, submission, seen_sha256=submission.sha256, **proof).execute()
    return refused.value


def test_an_account_with_a_second_factor_signs_with_both(
    submission: Submission, reviewer: Any, phone: Phone
) -> None:
    assert refusal_of(reviewer, submission, password=PASSWORD).rule == Rule.CODE_MISSING
    assert refusal_of(reviewer, submission, password=PASSWORD, code="000000").rule == Rule.WRONG_CODE
    Sign(reviewer, submission, password=PASSWORD, code=phone.code(), seen_sha256=submission.sha256).execute()
    assert Signature.objects.get().method == "password and authenticator app"
    assert Edition.objects.exists()


def test_a_correct_code_is_used_up_although_nothing_was_signed(
    submission: Submission, reviewer: Any, phone: Phone
) -> None:
    code = phone.code()
    Submission.objects.update(steps=[{"step": "Medical review", "signatures": 2}])
    assert refusal_of(reviewer, submission, password=PASSWORD, code=code).rule == Rule.NOT_SIGNED
    Submission.objects.update(steps=[{"step": "Medical review", "signatures": 1}])
    assert refusal_of(reviewer, submission, password=PASSWORD, code=code).rule in (
        Rule.WRONG_CODE,
        Rule.LOCKED,
    )


@pytest.mark.parametrize("act", ["sign", "withdraw"])
def test_guessing_is_counted_and_locked_out_with_the_right_password_too(
    published_medicine: Any, writer: Any, reviewer: Any, settings: Any, act: str
) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    page = published_medicine
    page = MonographPage.objects.get(pk=page.pk)
    submission = submit(make_monograph("waitumab", by=writer), writer)

    def attempt(password: str) -> None:
        if act == "sign":
            sign(submission, reviewer, password=password)
        else:
            Withdraw(
                reviewer, page.translation_key, cause=WithdrawalReason.MISTAKE, note="x", password=password
            ).execute()

    rules = []
    for password in ("a", "b", "c", PASSWORD):
        with pytest.raises(PolicyError) as refused:
            attempt(password)
        rules.append(refused.value.rule)
    assert rules == [*[Rule.WRONG_PASSWORD] * 3, Rule.LOCKED]
    assert "UTC" in refused.value.message, "it says until when"


def test_the_screen_asks_for_a_code_only_where_there_is_one(
    client: Client, submission: Submission, reviewer: Any, reviewer2: Any, phone: Phone
) -> None:
    client.force_login(reviewer2)
    assert 'name="code"' not in client.get(f"/admin/review/{submission.pk}/").content.decode()
    client.force_login(reviewer)
    client.post("/admin/second-factor/code/", {"code": phone.code()})
    shown = client.get(f"/admin/review/{submission.pk}/").content.decode()
    assert 'name="code"' in shown
    assert "one-time-code" in shown
    field = re.search(r'<input[^>]*name="code"[^>]*>', shown)
    assert field
    assert "inputmode" not in field[0], "recovery codes have letters"

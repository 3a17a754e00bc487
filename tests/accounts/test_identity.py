"""Reauthentication for signatures."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django_otp.plugins.otp_totp.models import TOTPDevice

from monographs.accounts import second_factor
from monographs.accounts.identity import (
    FailureKind,
    IdentityNotConfirmed,
    confirm,
    count_failure,
)
from monographs.accounts.models import GroupSecondFactor
from monographs.editions.models import Signature
from tests.accounts.conftest import Phone
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


def refusal(user: Any, **proof: Any) -> IdentityNotConfirmed:
    with pytest.raises(IdentityNotConfirmed) as error:
        confirm(user, **proof)
    return error.value


def test_a_password_is_enough_without_a_second_factor(reviewer: Any) -> None:
    assert confirm(reviewer, password=PASSWORD) == "password"
    wrong = refusal(reviewer, password="guess")
    assert (wrong.kind, wrong.counts) == (FailureKind.WRONG_PASSWORD, True)


def test_with_a_second_factor_both_are_needed(reviewer: Any, phone: Phone) -> None:
    assert refusal(reviewer, password=PASSWORD).kind == FailureKind.CODE_MISSING
    assert refusal(reviewer, password=PASSWORD, code=" ").kind == FailureKind.CODE_MISSING
    assert refusal(reviewer, password="guess", code=phone.code()).kind == FailureKind.WRONG_PASSWORD
    assert confirm(reviewer, password=PASSWORD, code=phone.code()) == "password and authenticator app"
    assert refusal(reviewer, password=PASSWORD, code=phone.used_code()).kind == FailureKind.WRONG_CODE
    phone.code()
    assert confirm(reviewer, password=PASSWORD, code=phone.codes[3]) == "password and recovery code"


def test_a_missing_code_does_not_tell_whether_the_password_was_right(reviewer: Any, phone: Phone) -> None:
    right, wrong = refusal(reviewer, password=PASSWORD), refusal(reviewer, password="guess")
    assert (right.kind, right.message) == (wrong.kind, wrong.message)
    assert not right.counts


def test_where_the_group_requires_one_and_there_is_none_it_says_where_to_set_it_up(reviewer: Any) -> None:
    GroupSecondFactor.objects.create(group=Group.objects.get(name="Medical reviewers"), required=True)
    missing = refusal(reviewer, password=PASSWORD)
    assert missing.kind == FailureKind.CODE_MISSING
    assert "/admin/second-factor/" in missing.message


def test_a_method_fits_the_signatures_column(reviewer: Any, phone: Phone) -> None:
    max_length = Signature._meta.get_field("method").max_length or 0
    assert len(confirm(reviewer, password=PASSWORD, code=phone.code())) <= max_length


def test_failures_are_counted_until_the_right_password_is_refused_too(reviewer: Any) -> None:
    for _ in range(5):
        assert refusal(reviewer, password="guess").kind == FailureKind.WRONG_PASSWORD
        count_failure(reviewer)
    locked = refusal(reviewer, password=PASSWORD)
    assert locked.kind == FailureKind.LOCKED
    assert "UTC" in locked.message


def test_a_wrong_code_delays_the_next_one(reviewer: Any, phone: Phone) -> None:
    phone.code()
    assert refusal(reviewer, password=PASSWORD, code="000000").kind == FailureKind.WRONG_CODE
    assert second_factor.authenticator_app_of(reviewer).throttling_failure_count == 1


def test_after_many_wrong_codes_no_code_is_checked(reviewer: Any, phone: Phone) -> None:
    code = phone.code()
    device = second_factor.authenticator_app_of(reviewer)
    for _ in range(6):
        device.throttle_increment()
    assert refusal(reviewer, password=PASSWORD, code=code).kind == FailureKind.LOCKED
    assert TOTPDevice.objects.get(pk=device.pk).last_t == -1

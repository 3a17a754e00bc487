"""Doors of the review's own screens."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from monographs.editions.models import Edition, Signature
from monographs.editions.withdrawal_reasons import WithdrawalReason
from tests.access_control.attempt import Attempt, attempt_at, said
from tests.access_control.populated_site import PEOPLE, STRANGER, UNSIGNED, person
from tests.factories import PASSWORD, read_all, submit


def form(attempt: Attempt, **more: str) -> dict[str, str]:
    return {"sha256": attempt.world.submission().sha256, "password": PASSWORD, **more}


def post(attempt: Attempt, data: Any, **more: Any) -> Any:
    return attempt.post("review:sign", attempt.world.in_review, data=data, **more)


@attempt_at("sign: by those who may not", "writer", "editor", "superuser")
def test_signing_without_right(attempt: Attempt) -> None:
    attempt.refused(post(attempt, form(attempt)), "Only members of Medical reviewers")


@attempt_at("sign: with a wrong password", "reviewer", "superuser who reviews")
def test_wrong_password(attempt: Attempt) -> None:
    read_all(attempt.world.submission(), attempt.user)
    attempt.refused(post(attempt, form(attempt, password="guess")), "That password is not right")


@attempt_at("sign: with another submission's hash", "reviewer")
def test_another_hash(attempt: Attempt) -> None:
    other = submit(attempt.world.page(attempt.world.draft), person("writer"))
    attempt.refused(post(attempt, form(attempt, sha256=other.sha256)), "submitted anew")


@attempt_at("sign: without a cross-site token", "reviewer")
def test_without_token(attempt: Attempt) -> None:
    attempt.client.handler.enforce_csrf_checks = True
    attempt.refused(post(attempt, form(attempt)))
    assert not Signature.objects.filter(submission=attempt.world.submission().uuid).exists()


@attempt_at("sign: by an address alone", "reviewer", "superuser who reviews")
def test_signing_by_get(attempt: Attempt) -> None:
    response = attempt.client.get(reverse("review:sign", args=[attempt.world.in_review]), form(attempt))
    assert attempt.world.submission().is_open
    attempt.unreachable(response.status_code)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
@attempt_at("sign: by another method", "reviewer")
def test_other_methods(attempt: Attempt, method: str) -> None:
    response = getattr(attempt.client, method)(reverse("review:sign", args=[attempt.world.in_review]))
    assert response.status_code == 405
    attempt.refused(response)


@attempt_at("sign: by a header that names another method", "reviewer")
def test_method_override(attempt: Attempt) -> None:
    address = reverse("review:sign", args=[attempt.world.in_review])
    headers = {"X-HTTP-Method-Override": "POST", "X-HTTP-Method": "POST"}
    response = attempt.client.get(address, form(attempt), headers=headers)
    assert attempt.world.submission().is_open
    attempt.unreachable(response.status_code)


@attempt_at("sign: with a made-up session", STRANGER)
def test_forged_session(attempt: Attempt) -> None:
    attempt.client.cookies["sessionid"] = "0" * 32
    response = post(attempt, form(attempt))
    assert reverse("wagtailadmin_login") in response.url
    attempt.unreachable(response.status_code)


@attempt_at("sign: not signed in", STRANGER)
def test_stranger(attempt: Attempt) -> None:
    attempt.unreachable(post(attempt, form(attempt)).status_code)


@attempt_at("sign: with fields of the client's own", "reviewer")
def test_more_fields(attempt: Attempt) -> None:
    """The one attempt of a person who may sign, with a hash that is none: nothing else is listened to."""
    sneaked = form(attempt, sha256="0" * 64, user="1", force="1", signatures="9", step="Other")
    attempt.refused(post(attempt, sneaked), "submitted anew")


@attempt_at("return: by those who may not", "writer", "editor", "superuser")
def test_returning_without_right(attempt: Attempt) -> None:
    response = attempt.post("review:return", attempt.world.in_review, data={"reason": "No."})
    attempt.refused(response, "Only members of")


@attempt_at("recall: by those who may not", "reviewer", "other writer", "superuser who reviews")
def test_recalling_without_right(attempt: Attempt) -> None:
    response = attempt.post("review:recall", attempt.world.in_review)
    if attempt.user.is_superuser:
        assert attempt.world.submission().status == "recalled"
        attempt.harmless(logged="wagtail.workflow.cancel")
    else:
        attempt.refused(response, "may recall it")


@attempt_at("submit: a draft that somebody may submit", *PEOPLE)
def test_submitting(attempt: Attempt) -> None:
    """Submitting shows patients nothing."""
    data = {"review_kind": "full_review", "reason": "New."}
    attempt.post("review:submit", attempt.world.draft, data=data)
    assert attempt.world.page(attempt.world.draft).is_frozen
    assert not Edition.objects.filter(key=attempt.world.page(attempt.world.draft).translation_key).exists()
    attempt.harmless(logged="wagtail.workflow.start")


@attempt_at("submit: twice", "writer", "superuser")
def test_submitting_twice(attempt: Attempt) -> None:
    data = {"review_kind": "full_review", "reason": "New."}
    attempt.refused(attempt.post("review:submit", attempt.world.gamma, data=data), "in review already")


@attempt_at("submit: a first text as a correction", "writer")
def test_a_first_correction(attempt: Attempt) -> None:
    data = {"review_kind": "correction", "reason": "New."}
    attempt.refused(attempt.post("review:submit", attempt.world.draft, data=data), "needs a full review")


@attempt_at("review screens: read by a stranger", STRANGER)
def test_review_screens(attempt: Attempt) -> None:
    names = ("review:review", "review:document", "review:submit")
    responses = [attempt.get(name, attempt.world.in_review) for name in names]
    responses.append(attempt.get("review:queue"))
    assert all(re.match("/admin/login/", response.url) for response in responses)
    attempt.unreachable(*(response.status_code for response in responses))


def record(attempt: Attempt) -> Any:
    return attempt.world.page(attempt.world.alpha).translation_key


@attempt_at("record: withdraw by those who may not", "writer", "editor", "superuser")
def test_withdrawing_without_right(attempt: Attempt) -> None:
    data = {"cause": next(iter(WithdrawalReason)).value, "note": UNSIGNED, "password": PASSWORD}
    attempt.refused(attempt.post("review:withdraw", record(attempt), data=data))


@attempt_at("record: withdraw with a wrong password", "reviewer", "superuser who reviews")
def test_withdrawing_with_a_wrong_password(attempt: Attempt) -> None:
    data = {"cause": next(iter(WithdrawalReason)).value, "note": UNSIGNED, "password": "guess"}
    attempt.refused(attempt.post("review:withdraw", record(attempt), data=data), "password is not right")


@attempt_at("record: withdraw in words of one's own", "reviewer")
def test_withdrawing_in_own_words(attempt: Attempt) -> None:
    data = {"cause": UNSIGNED, "reason": UNSIGNED, "note": UNSIGNED, "password": PASSWORD}
    response = attempt.post("review:withdraw", record(attempt), data=data)
    assert response.status_code == 400
    assert "Select a valid choice" in said(response)
    attempt.harmless()


@attempt_at("record: bring back an edition", "writer", "editor", "superuser")
def test_bringing_back(attempt: Attempt) -> None:
    """It is put before reviewers; patients read the newest edition until they have signed."""
    attempt.post("review:restore", record(attempt), data={"number": "1", "reason": "The older was right."})
    assert attempt.world.page(attempt.world.alpha).is_frozen
    attempt.harmless()


@attempt_at("submit: for a day that has passed", "writer")
def test_submitting_for_yesterday(attempt: Attempt) -> None:
    data = {"review_kind": "full_review", "reason": "New.", "publish_at": "2020-01-01T00:00"}
    response = attempt.post("review:submit", attempt.world.draft, data=data)
    assert response.status_code == 400
    assert "This time has passed" in said(response)
    attempt.harmless()


@attempt_at("submit: for a day to come, signed at once", "reviewer")
def test_signing_for_a_day_to_come(attempt: Attempt) -> None:
    day = timezone.now() + timedelta(days=1)
    submission = submit(attempt.world.page(attempt.world.draft), person("writer"), publish_at=day)
    read_all(submission, attempt.user)
    data = {"sha256": submission.sha256, "password": PASSWORD}
    attempt.post("review:sign", submission.pk, data=data)
    submission.refresh_from_db()
    assert submission.is_scheduled
    attempt.harmless()

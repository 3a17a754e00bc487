"""Bypass routes of the review screens."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from monographs.editions.models import Edition, Signature
from monographs.editions.withdrawal_reasons import WithdrawalReason
from tests.access_control.attempt import Attempt, bypass_attempt, messages_of
from tests.access_control.populated_site import ANONYMOUS, ROLES, UNSIGNED, user_of
from tests.factories import PASSWORD, read_all, submit


def form(attempt: Attempt, **more: str) -> dict[str, str]:
    return {"sha256": attempt.site.submission().sha256, "password": PASSWORD, **more}


def post(attempt: Attempt, data: Any, **more: Any) -> Any:
    return attempt.post("review:sign", attempt.site.in_review, data=data, **more)


@bypass_attempt("sign: by those who may not", "writer", "editor", "superuser")
def test_signing_without_right(attempt: Attempt) -> None:
    attempt.refused(post(attempt, form(attempt)), "Only members of Medical reviewers")


@bypass_attempt("sign: with a wrong password", "reviewer", "superuser who reviews")
def test_wrong_password(attempt: Attempt) -> None:
    read_all(attempt.site.submission(), attempt.user)
    attempt.refused(post(attempt, form(attempt, password="guess")), "That password is not right")


@bypass_attempt("sign: with another submission's hash", "reviewer")
def test_another_hash(attempt: Attempt) -> None:
    other = submit(attempt.site.page(attempt.site.draft), user_of("writer"))
    attempt.refused(post(attempt, form(attempt, sha256=other.sha256)), "submitted anew")


@bypass_attempt("sign: without a cross-site token", "reviewer")
def test_without_token(attempt: Attempt) -> None:
    attempt.client.handler.enforce_csrf_checks = True
    attempt.refused(post(attempt, form(attempt)))
    assert not Signature.objects.filter(submission=attempt.site.submission().uuid).exists()


@bypass_attempt("sign: by an address alone", "reviewer", "superuser who reviews")
def test_signing_by_get(attempt: Attempt) -> None:
    response = attempt.client.get(reverse("review:sign", args=[attempt.site.in_review]), form(attempt))
    assert attempt.site.submission().is_open
    attempt.unreachable(response.status_code)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
@bypass_attempt("sign: by another method", "reviewer")
def test_other_methods(attempt: Attempt, method: str) -> None:
    response = getattr(attempt.client, method)(reverse("review:sign", args=[attempt.site.in_review]))
    assert response.status_code == 405
    attempt.refused(response)


@bypass_attempt("sign: by a header that names another method", "reviewer")
def test_method_override(attempt: Attempt) -> None:
    address = reverse("review:sign", args=[attempt.site.in_review])
    headers = {"X-HTTP-Method-Override": "POST", "X-HTTP-Method": "POST"}
    response = attempt.client.get(address, form(attempt), headers=headers)
    assert attempt.site.submission().is_open
    attempt.unreachable(response.status_code)


@bypass_attempt("sign: with a made-up session", ANONYMOUS)
def test_forged_session(attempt: Attempt) -> None:
    attempt.client.cookies["sessionid"] = "0" * 32
    response = post(attempt, form(attempt))
    assert reverse("wagtailadmin_login") in response.url
    attempt.unreachable(response.status_code)


@bypass_attempt("sign: not signed in", ANONYMOUS)
def test_stranger(attempt: Attempt) -> None:
    attempt.unreachable(post(attempt, form(attempt)).status_code)


@bypass_attempt("sign: with fields of the client's own", "reviewer")
def test_more_fields(attempt: Attempt) -> None:
    """A signer sends an invalid hash and extra fields: the extra fields are ignored."""
    sneaked = form(attempt, sha256="0" * 64, user="1", force="1", signatures="9", step="Other")
    attempt.refused(post(attempt, sneaked), "submitted anew")


@bypass_attempt("return: by those who may not", "writer", "editor", "superuser")
def test_returning_without_right(attempt: Attempt) -> None:
    response = attempt.post("review:return", attempt.site.in_review, data={"reason": "No."})
    attempt.refused(response, "Only members of")


@bypass_attempt("recall: by those who may not", "reviewer", "other writer", "superuser who reviews")
def test_recalling_without_right(attempt: Attempt) -> None:
    response = attempt.post("review:recall", attempt.site.in_review)
    attempt.refused(response, "may recall it")


@bypass_attempt("submit: a draft", *ROLES)
def test_submitting(attempt: Attempt) -> None:
    """Submitting publishes nothing."""
    data = {"review_kind": "full_review", "reason": "New."}
    attempt.post("review:submit", attempt.site.draft, data=data)
    assert attempt.site.page(attempt.site.draft).is_frozen
    assert not Edition.objects.filter(key=attempt.site.page(attempt.site.draft).translation_key).exists()
    attempt.harmless(logged="wagtail.workflow.start")


@bypass_attempt("submit: twice", "writer", "superuser")
def test_submitting_twice(attempt: Attempt) -> None:
    data = {"review_kind": "full_review", "reason": "New."}
    attempt.refused(attempt.post("review:submit", attempt.site.gamma, data=data), "in review already")


@bypass_attempt("submit: a first text as a correction", "writer")
def test_a_first_correction(attempt: Attempt) -> None:
    data = {"review_kind": "correction", "reason": "New."}
    attempt.refused(attempt.post("review:submit", attempt.site.draft, data=data), "needs a full review")


@bypass_attempt("review screens: read by an anonymous client", ANONYMOUS)
def test_review_screens(attempt: Attempt) -> None:
    names = ("review:review", "review:document", "review:submit")
    responses = [attempt.get(name, attempt.site.in_review) for name in names]
    responses.append(attempt.get("review:queue"))
    assert all(re.match("/admin/login/", response.url) for response in responses)
    attempt.unreachable(*(response.status_code for response in responses))


def record(attempt: Attempt) -> Any:
    return attempt.site.page(attempt.site.alpha).translation_key


@bypass_attempt("record: withdraw by those who may not", "writer", "editor", "superuser")
def test_withdrawing_without_right(attempt: Attempt) -> None:
    data = {"cause": next(iter(WithdrawalReason)).value, "note": UNSIGNED, "password": PASSWORD}
    attempt.refused(attempt.post("review:withdraw", record(attempt), data=data))


@bypass_attempt("record: withdraw with a wrong password", "reviewer", "superuser who reviews")
def test_withdrawing_with_a_wrong_password(attempt: Attempt) -> None:
    data = {"cause": next(iter(WithdrawalReason)).value, "note": UNSIGNED, "password": "guess"}
    attempt.refused(attempt.post("review:withdraw", record(attempt), data=data), "password is not right")


@bypass_attempt("record: withdraw with a notice of the client's own", "reviewer")
def test_withdrawing_in_own_words(attempt: Attempt) -> None:
    data = {"cause": UNSIGNED, "reason": UNSIGNED, "note": UNSIGNED, "password": PASSWORD}
    response = attempt.post("review:withdraw", record(attempt), data=data)
    assert response.status_code == 400
    assert "Select a valid choice" in messages_of(response)
    attempt.harmless()


@bypass_attempt("record: restore an edition", "writer", "editor", "superuser")
def test_bringing_back(attempt: Attempt) -> None:
    """The draft is submitted; public pages show the newest edition until it is signed."""
    attempt.post("review:restore", record(attempt), data={"number": "1", "reason": "The older was right."})
    assert attempt.site.page(attempt.site.alpha).is_frozen
    attempt.harmless()


@bypass_attempt("submit: for a past date", "writer")
def test_submitting_for_yesterday(attempt: Attempt) -> None:
    data = {"review_kind": "full_review", "reason": "New.", "publish_at": "2020-01-01T00:00"}
    response = attempt.post("review:submit", attempt.site.draft, data=data)
    assert response.status_code == 400
    assert "This time has passed" in messages_of(response)
    attempt.harmless()


@bypass_attempt("submit: for a future date, signed at once", "reviewer")
def test_signing_for_a_day_to_come(attempt: Attempt) -> None:
    day = timezone.now() + timedelta(days=1)
    submission = submit(attempt.site.page(attempt.site.draft), user_of("writer"), publish_at=day)
    read_all(submission, attempt.user)
    data = {"sha256": submission.sha256, "password": PASSWORD}
    attempt.post("review:sign", submission.pk, data=data)
    submission.refresh_from_db()
    assert submission.is_scheduled
    attempt.harmless()

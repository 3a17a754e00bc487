"""Codes by which an outside expert proves who they are: right once, limited, and kept by nobody."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from monographs.core.db_clock import database_now
from monographs.editions.models import LedgerEntry
from monographs.pages.refusals import Rule
from monographs.review.models import SigningCode, Submission
from monographs.review.outside_review import expert_views, signing_codes
from tests.outside_review.outside_experts import EMAIL, InvitedExpert, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("signatures_allowed")]


def test_codes_are_right_once_here_now_and_for_this_text(
    invited: InvitedExpert, sent: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    invited.read()
    assert "Ask for a code first" in words(invited.sign("12345678"))
    code = invited.ask_code()
    wrong = f"{(int(code) + 1) % 10**8:08}"
    assert "That code is not right" in words(invited.sign(wrong))
    assert "another browser" in words(invited.sign(code, Client()))
    assert "submitted anew" in words(invited.sign(code, sha256="0" * 64))
    assert "Your name, your credentials or the step changed" in words(invited.sign(code, signer="0" * 64))
    assert invited.sign(code, signer="").status_code == 400
    SigningCode.objects.update(text_sha256="0" * 64)
    assert "another text" in words(invited.sign(code))
    SigningCode.objects.update(text_sha256=sent.sha256, expires_at=database_now())
    assert "none that still counts" in words(invited.sign(code))
    assert not invited.has_signed()
    newer = invited.ask_code()
    if newer != code:
        assert "not right" in words(invited.sign(code)), "only the newest one counts"
    assert invited.sign(f" {newer[:4]} {newer[4:]} ").status_code == 200
    assert invited.has_signed()
    assert SigningCode.objects.first().used_at is not None
    codes = LedgerEntry.objects.filter(body__contains=newer) | LedgerEntry.objects.filter(body__contains=code)
    assert not codes.exists()


def test_a_code_is_used_up_by_a_right_entry_whatever_becomes_of_the_attempt(
    invited: InvitedExpert, monkeypatch: pytest.MonkeyPatch
) -> None:
    invited.read()
    code = invited.ask_code()
    credentials = signing_codes.CodeCredentials(
        invited.link, signing_codes.EnteredCode(code, _session(invited.client))
    )
    credentials.confirm()
    assert "none that still counts" in words(invited.sign(code))
    assert not invited.has_signed()


def _session(client: Client) -> str:
    return client.cookies[expert_views.COOKIE].value.partition(":")[0]


def test_five_wrong_tries_end_a_code_and_codes_are_limited(invited: InvitedExpert) -> None:
    invited.read()
    code = invited.ask_code()
    wrong = f"{(int(code) + 1) % 10**8:08}"
    for _ in range(signing_codes.MOST_TRIES):
        assert "not right" in words(invited.sign(wrong))
    assert "Too many wrong tries" in words(invited.sign(code))
    refused = LedgerEntry.objects.filter(event="refused", body__contains=Rule.TOO_MANY.value)
    assert refused.exists(), "no lock of a page, which is another rule"
    for _ in range(signing_codes.PER_ADDRESS - 1):
        invited.ask_code()
    assert "within an hour" in words(invited.act("code"))
    SigningCode.objects.update(sent_at=timezone.now() - timedelta(hours=2))
    invited.ask_code()
    assert (signing_codes.MOST_TRIES, signing_codes.PER_ADDRESS, signing_codes.MOST_CODES) == (5, 5, 25)
    assert timedelta(minutes=10) == signing_codes.VALID
    assert not invited.has_signed()


def test_only_a_keyed_hash_of_the_code_is_stored_and_no_log_has_it(
    invited: InvitedExpert, caplog: pytest.LogCaptureFixture
) -> None:
    code = invited.ask_code()
    invited.sign(code)
    row = SigningCode.objects.get()
    assert row.digest != hashlib.sha256(code.encode()).hexdigest()
    assert code not in str(SigningCode.objects.values())
    assert code not in caplog.text
    assert EMAIL not in str(SigningCode.objects.values())


def test_a_code_that_the_mail_server_refuses_is_not_said_to_be_sent(
    invited: InvitedExpert, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answer = invited.act("code")
    assert answer.status_code == 403
    assert "The code could not be sent" in words(answer)


def test_refusals_are_limited(invited: InvitedExpert, monkeypatch: pytest.MonkeyPatch) -> None:
    assert expert_views.MOST_REFUSALS == 50
    monkeypatch.setattr(expert_views, "MOST_REFUSALS", 2)
    for _ in range(2):
        assert invited.sign("12345678").status_code == 403
    before = LedgerEntry.objects.count()
    assert invited.sign("12345678").status_code == 429
    assert LedgerEntry.objects.count() == before

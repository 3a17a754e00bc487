"""Bypass routes of signatures by outside experts: links, codes, accounts, and who may record or invite."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail
from django.db import DatabaseError, transaction
from django.test import Client, override_settings
from django.urls import reverse

from monographs.accounts.actors import person_of
from monographs.accounts.outside_accounts import new_outside_account
from monographs.editions.models import Signature
from monographs.review.models import MedicalReviewTask, OutsideLink
from monographs.review.outside_review.expert_actions import EXPERT_MEANING
from monographs.review.outside_review.invitations import InviteExpert
from monographs.review.outside_review.outside_actions import MakeOutsideLink
from monographs.review.signer_identity import signer_hash
from tests.access_control.attempt import REFUSED, Attempt, bypass_attempt
from tests.access_control.populated_site import ANONYMOUS, SHELL, user_of
from tests.conftest import run_deferred_constraints
from tests.factories import PASSWORD, read_all
from tests.outside_review.outside_experts import STEP, confirm_expert, record_expert


@pytest.fixture(autouse=True)
def allowed(settings: Any) -> None:
    settings.OUTSIDE_SIGNATURES = True


def invitation(attempt: Attempt, capture: Any) -> tuple[User, str]:
    """Return an expert who is invited to sign, and the address of acts by the link that was sent."""
    expert = record_expert(user_of("editor"))
    confirm_expert(user_of("superuser"), expert)
    expert = User.objects.get(pk=expert.pk)
    with capture(execute=True):
        InviteExpert(user_of("editor"), attempt.site.submission(), expert, days=7).execute()
    found = re.search(r"outside-review/\?(key=\S+)", str(mail.outbox[-1].body))
    assert found
    return expert, f"{reverse('outside_decision')}?{found[1]}"


def form(attempt: Attempt, **more: str) -> dict[str, str]:
    return {"act": "sign", "sha256": attempt.site.submission().sha256, "signer": "0" * 64, **more}


def nothing_signed(attempt: Attempt) -> None:
    assert not Signature.objects.filter(submission=attempt.site.submission().uuid).exists()
    assert attempt.site.submission().is_open


@bypass_attempt("outside expert: signing with a guessed code", ANONYMOUS)
def test_guessed_code(attempt: Attempt, django_capture_on_commit_callbacks: Any) -> None:
    expert, address = invitation(attempt, django_capture_on_commit_callbacks)
    read_all(attempt.site.submission(), expert)
    for code in ("", "00000000", "' OR 1=1"):
        assert attempt.client.post(address, form(attempt, code=code)).status_code in (400, 403)
    nothing_signed(attempt)
    attempt.outcome = "refused"


@bypass_attempt("outside expert: signing by a link that is for notes", ANONYMOUS)
def test_link_for_notes(attempt: Attempt) -> None:
    key = MakeOutsideLink(user_of("editor"), attempt.site.submission(), expert="Dr. X", days=7).execute()
    for act in ("sign", "code", "mark", "tick", "return"):
        data = form(attempt, act=act, code="12345678", reason="No.", section="how_it_works")
        answer = attempt.client.post(f"{reverse('outside_decision')}?key={key}", data)
        assert answer.status_code == 403
        assert "nobody signs by it" in answer.content.decode()
    nothing_signed(attempt)
    attempt.outcome = "refused"


@bypass_attempt("outside expert: signing without a link, or a made-up one", ANONYMOUS, "writer", "editor")
def test_no_link(attempt: Attempt) -> None:
    for query in ("", "?key=x", "?key=" + "a" * 43 + ".b"):
        answer = attempt.client.post(reverse("outside_decision") + query, form(attempt, code="12345678"))
        assert answer.status_code == 404
        assert attempt.site.submission().title not in answer.content.decode()
    nothing_signed(attempt)
    attempt.outcome = "unreachable"


@bypass_attempt("outside expert: without a cross-site token, or by an address", ANONYMOUS)
def test_without_token(attempt: Attempt, django_capture_on_commit_callbacks: Any) -> None:
    _, address = invitation(attempt, django_capture_on_commit_callbacks)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(address, form(attempt, code="12345678")).status_code == 403
    assert strict.get(f"{address}&act=sign&code=12345678").status_code == 302
    nothing_signed(attempt)
    attempt.outcome = "refused"


@bypass_attempt("outside expert: an editor signs by a link of their own making", "editor")
def test_the_editor_who_invites(attempt: Attempt, django_capture_on_commit_callbacks: Any) -> None:
    """The editor never sees the link; with it, the code still goes to the expert."""
    expert, address = invitation(attempt, django_capture_on_commit_callbacks)
    shown = attempt.get("review:outside_links", attempt.site.in_review).content.decode()
    assert "key=" not in shown
    sent = len(mail.outbox)
    with django_capture_on_commit_callbacks(execute=True):
        attempt.client.post(address, {"act": "code"})
    assert [message.to for message in mail.outbox[sent:]] == [[expert.email]]
    assert attempt.client.post(address, form(attempt, code="12345678")).status_code == 403
    attempt.refused(
        attempt.post("review:sign", attempt.site.in_review, data=form(attempt, password=PASSWORD))
    )
    nothing_signed(attempt)


@bypass_attempt("outside expert: recorded or invited by who may not", "writer", "reviewer")
def test_recording_without_right(attempt: Attempt) -> None:
    data = {
        "act": "record", "first_name": "Olga", "last_name": "Outside", "email": "o@example.net",
        "credentials": ["PharmD"],
    }  # fmt: skip
    attempt.refused(attempt.post("review:outside_experts", data=data))
    invite = {"invite": "yes", "expert": "1", "days": "7"}
    attempt.refused(attempt.post("review:outside_links", attempt.site.in_review, data=invite))
    assert not User.objects.filter(username__startswith="outside:").exists()
    assert not OutsideLink.objects.exists()


@bypass_attempt("outside expert: confirmed by who recorded them", "editor", "superuser")
def test_confirmed_alone(attempt: Attempt) -> None:
    expert = record_expert(attempt.user)
    profile = expert.reviewer_profile
    response = attempt.post(
        "review:confirm", "signer", profile.pk, data={"sha256": "0" * 64, "password": PASSWORD}
    )
    attempt.refused(response, "You entered this yourself")
    invite = {"invite": "yes", "expert": str(expert.pk), "days": "7"}
    attempt.refused(
        attempt.post("review:outside_links", attempt.site.in_review, data=invite), "Nobody has confirmed"
    )
    assert not OutsideLink.objects.exists()


@bypass_attempt("outside expert: given a password or a group", "superuser")
def test_made_a_user(attempt: Attempt) -> None:
    expert = new_outside_account("Olga", "Outside", "o@example.net")
    group = Group.objects.get(name="Medical reviewers")
    data = {
        "username": "olga", "first_name": "Olga", "last_name": "Outside", "email": "o@example.net",
        "is_active": "on", "is_superuser": "on", "groups": [group.pk], "your_password": PASSWORD,
    }  # fmt: skip
    attempt.refused(attempt.post("wagtailusers_users:edit", expert.pk, data=data), "outside expert")
    attempt.refused(attempt.post("wagtailusers_users:send_link", expert.pk), "outside expert")
    stored = User.objects.get(pk=expert.pk)
    assert not stored.has_usable_password()
    assert not stored.is_superuser
    assert not stored.groups.exists()
    assert not mail.outbox


@bypass_attempt("outside expert: while the setting is off", "editor")
def test_off(attempt: Attempt, django_capture_on_commit_callbacks: Any) -> None:
    expert, address = invitation(attempt, django_capture_on_commit_callbacks)
    read_all(attempt.site.submission(), expert)
    with override_settings(OUTSIDE_SIGNATURES=False):
        assert attempt.client.post(address, {"act": "code"}).status_code == 403
        invite = {"invite": "yes", "expert": str(expert.pk), "days": "7"}
        attempt.refused(attempt.post("review:outside_links", attempt.site.in_review, data=invite))
    nothing_signed(attempt)


@bypass_attempt("outside expert: a signature of who vouches for them, stored by code", SHELL)
def test_signed_by_a_voucher_too(attempt: Attempt, django_capture_on_commit_callbacks: Any) -> None:
    MedicalReviewTask.objects.update(signatures=2)  # the expert's alone publishes nothing
    sent = attempt.site.submission()
    expert, address = invitation(attempt, django_capture_on_commit_callbacks)
    read_all(sent, expert)
    with django_capture_on_commit_callbacks(execute=True):
        attempt.client.post(address, {"act": "code"})
    code = re.search(r"\b(\d{8})\b", str(mail.outbox[-1].body))
    seen = signer_hash(person_of(expert), STEP, EXPERT_MEANING)
    assert attempt.client.post(address, form(attempt, code=code[1], signer=seen)).status_code == 200
    given = Signature.objects.get(submission=sent.uuid)
    voucher = user_of("superuser")
    run_deferred_constraints()
    forged = Signature(
        submission=sent.uuid, key=sent.key, sha256=sent.sha256, step=given.step, meaning=given.meaning,
        user_id=voucher.pk, username=voucher.get_username(), name="Ada Admin", credentials="MD",
    )  # fmt: skip

    def commit_it() -> None:
        forged.save()
        run_deferred_constraints()

    with pytest.raises(DatabaseError, match="vouches for its outside expert"), transaction.atomic():
        commit_it()
    attempt.outcome = REFUSED

"""Names, credentials and sign-in names of signers: what they may be, and whose they may look like."""

import json
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.db import IntegrityError

from monographs.accounts.audit_check import audit_differences
from monographs.editions.models import LedgerEntry
from monographs.pages.refusals import Rule
from monographs.review.models import Credential, ReviewerProfile
from tests.conftest import as_user, run_deferred_constraints
from tests.factories import PASSWORD, make_monograph, make_user, sign, submit
from tests.review.test_signers import (
    CREDENTIALS,
    confirm,
    profile_of,
    propose,
    refused_by,
    rename,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["Take two tablets", "Mary2", "Ann\u200b", "\u3164", "Bob. Stop", "<b>"])
def test_a_name_that_is_no_name_is_refused(name: str, reviewer: Any) -> None:
    assert not rename(reviewer, name).is_valid()
    assert rename(reviewer, "Anne-Marie").is_valid()


def test_a_name_set_past_the_forms_cannot_be_confirmed(editor: Any, editor2: Any, newcomer: Any) -> None:
    propose(editor, newcomer)
    get_user_model().objects.filter(pk=newcomer.pk).update(first_name="Take 2 tablets", last_name="")
    response = confirm(editor2, profile_of(newcomer))
    assert response.status_code == 403
    assert "First name: Remove" in response.content.decode()


@pytest.mark.parametrize("credentials", [["Healer"], ["PharmD (demonstration)"], [" "], ["\u2800"], []])
def test_credentials_come_from_the_list(credentials: list[str], editor: Any, newcomer: Any) -> None:
    response = propose(editor, newcomer, credentials=credentials)
    assert response.status_code == 200
    assert not ReviewerProfile.objects.filter(user=newcomer).exists()


def test_a_new_credential_needs_a_second_person_too(
    editor: Any, editor2: Any, newcomer: Any, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.RECORD_ACCOUNT_CHANGES = True
    mail.outbox.clear()
    added = as_user(editor).post(
        f"{CREDENTIALS}add/", {"abbreviation": "FRCPath", "meaning": "", "active": "on"}
    )
    assert added.status_code == 302
    assert any("FRCPath" in email.body and "Editor Tester" in email.body for email in mail.outbox)
    entry = LedgerEntry.objects.filter(event="credentials", subject__startswith="credential:").last()
    assert json.loads(entry.body)["actor"]["username"] == "editor"
    assert json.loads(entry.body)["data"]["after"] == {"abbreviation": "FRCPath", "active": True}
    credential = Credential.objects.get(abbreviation="FRCPath")
    assert propose(editor, newcomer, credentials=["FRCPath"]).status_code == 200, "nobody confirmed it"
    assert confirm(editor, credential).status_code == 403
    assert confirm(editor2, credential).status_code == 302
    assert propose(editor, newcomer, credentials=["FRCPath"]).status_code == 302
    found = [difference for difference in audit_differences() if str(difference.subject) == entry.subject]
    assert not found


@pytest.mark.parametrize("abbreviation", ["Take two", "MD1", "\u200b", "A" * 17, "M..D", "<b>"])
def test_a_credential_follows_a_grammar(abbreviation: str, editor: Any) -> None:
    as_user(editor).post(f"{CREDENTIALS}add/", {"abbreviation": abbreviation, "active": "on"})
    assert not Credential.objects.filter(abbreviation=abbreviation).exists()


@pytest.mark.parametrize("blank", [" ", "\u200b", "\u3164\u2800", "\ufe0f", "\U000e0041"])
def test_credentials_that_cannot_be_seen_are_none(blank: str, reviewer: Any, writer: Any) -> None:
    ReviewerProfile.objects.filter(user=reviewer).update(credentials=blank)
    refused_by(Rule.NO_CREDENTIALS, reviewer, submit(make_monograph(by=writer), writer))


@pytest.mark.parametrize("blank", [" ", "\u200b", "\u3164\u2800", "\ufe0f", "\U000e0041"])
def test_the_database_counts_no_credentials_that_cannot_be_seen(
    blank: str, reviewer: Any, writer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = submit(make_monograph(by=writer), writer)
    monkeypatch.setattr("monographs.editions.signatures.is_blank", lambda text: False)
    monkeypatch.setattr(ReviewerProfile, "has_credentials", True)
    monkeypatch.setattr(ReviewerProfile, "is_confirmed", True)
    ReviewerProfile.objects.filter(user=reviewer).update(credentials=blank)
    sign(submission, get_user_model().objects.get(pk=reviewer.pk))
    with pytest.raises(IntegrityError, match="has 0 valid signature"):
        run_deferred_constraints()


LOOKALIKES = [
    "Writer",
    "WRITER",
    "wr\u0456ter",
    "\uff57riter",
    "wr\u00edter",
    "wri\u3164ter",
    "wr1ter",
]


@pytest.mark.parametrize("name", LOOKALIKES)
def test_a_lookalike_of_a_contributor_cannot_sign(name: str, writer: Any) -> None:
    submission = submit(make_monograph(by=writer), writer)
    get_user_model().objects.filter(pk=writer.pk).update(username="gone")
    twin = make_user("twin", "Medical reviewers")
    get_user_model().objects.filter(pk=twin.pk).update(username=name)
    twin = get_user_model().objects.get(pk=twin.pk)
    refused_by(Rule.CONTRIBUTED, twin, submission)


@pytest.mark.parametrize("name", LOOKALIKES)
def test_a_lookalike_account_cannot_be_made(name: str, writer: Any, superuser: Any) -> None:
    data = {
        "username": name, "email": "t@example.org", "first_name": "Twin", "last_name": "Tester",
        "password1": PASSWORD, "password2": PASSWORD, "is_active": "on",
    }  # fmt: skip
    response = as_user(superuser).post("/admin/users/new/", data)
    assert response.status_code == 200
    assert not get_user_model().objects.filter(first_name="Twin").exists()

"""What the service keeps about people is listed, can be exported, and erased as far as the record allows."""

import json
import re
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django_otp.plugins.otp_totp.models import TOTPDevice

from cms.paths import BASE_DIR
from monographs.accounts.personal_data import PERSONAL_TABLES, Erasure
from monographs.editions.models import Contribution, LedgerEntry, Signature
from monographs.editions.verify import verify
from monographs.review.models import Credential, Notice, ReviewerProfile, SuggestionExemption
from tests.conftest import run_deferred_constraints

#: Names of columns about people; columns that refer to an account are found by that.
ABOUT_PEOPLE = re.compile(
    r"(^|_)(usernames?|user_id|user_agent|ip_address|emails?|first_name|last_name|phone|actor(_id|_name)?"
    r"|confirmer(_id|_name)?|confirmations|closer|proposer|submitter|decider|person|people|savers|contributors"
    r"|reviewers|author_record|credentials|by|sign_in_keys|setter|creator|asker|answerer|authors|expert|outsider"
    r"|vouchers)$"
)
DOCUMENT = (BASE_DIR / "docs" / "privacy.md").read_text()


def columns_about_people() -> dict[str, set[str]]:
    """The columns of all tables that refer to an account or are named as data about people."""
    found: dict[str, set[str]] = {}
    for model in apps.get_models(include_auto_created=True):
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            is_of_its_kind = field.related_model is model  # as a source that is superseded by another
            if field.related_model is User or (ABOUT_PEOPLE.search(field.name) and not is_of_its_kind):
                found.setdefault(model._meta.label, set()).add(field.name)
    return found


def test_every_column_about_people_is_known() -> None:
    for label, columns in columns_about_people().items():
        known = set(PERSONAL_TABLES[label].columns) if label in PERSONAL_TABLES else set()
        assert columns <= known, (
            f"{label}: list it in monographs/accounts/personal_data.py and docs/privacy.md"
        )
    for label, table in PERSONAL_TABLES.items():
        names = {field.name for field in apps.get_model(label)._meta.get_fields()}
        assert set(table.columns) <= names, label


@pytest.mark.parametrize("label", PERSONAL_TABLES)
def test_the_document_lists_every_table_and_column(label: str) -> None:
    [row] = [line for line in DOCUMENT.splitlines() if line.startswith("| `") and f"`{label}`" in line]
    cells = row.split(" | ")
    table = PERSONAL_TABLES[label]
    for column in table.columns:
        assert f"`{column}`" in cells[1]
    assert cells[4].rstrip(" |").startswith(table.erasure.value)


def test_the_document_lists_no_table_that_is_gone() -> None:
    listed = set(re.findall(r"`([a-z_]+\.[A-Z]\w+)`", DOCUMENT))
    assert listed == set(PERSONAL_TABLES)


def export(username: str) -> Any:
    out = StringIO()
    call_command("export_account", username, stdout=out)
    return json.loads(out.getvalue())


def sign_in(user: User) -> None:
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session.save()


def test_an_export_has_all_rows_and_no_secret(published_medicine: Any) -> None:
    signature = Signature.objects.get()
    reviewer = User.objects.get(pk=signature.user_id)
    TOTPDevice.objects.create(user=reviewer, name="phone")
    found = export(reviewer.username)
    assert found["tables"]["editions.Signature"][0]["sha256"] == signature.sha256
    assert found["tables"]["auth.User"][0]["email"] == reviewer.email
    assert {"signed", "checked"} <= {entry["event"] for entry in found["ledger"]}
    text = json.dumps(found)
    assert reviewer.password not in text
    assert TOTPDevice.objects.get().key not in text


def test_an_export_has_rows_that_name_the_account_by_value_alone(published_medicine: Any) -> None:
    writer = User.objects.get(pk=Contribution.objects.values_list("user_id", flat=True).first())
    person = {"id": writer.pk, "username": writer.username, "name": ""}
    SuggestionExemption.objects.create(allowed=True, reason="Wording only.", by=person)
    SuggestionExemption.objects.create(allowed=True, reason="Of another.", by=person | {"id": writer.pk + 1})
    for name, confirmer in (("X1", person), ("X2", None)):
        confirmed = {"meaning": {"value": "x", "proposer": {"id": 0}, "confirmer": confirmer}}
        Credential.objects.bulk_create([Credential(abbreviation=name, confirmations=confirmed)])
    found = export(writer.username)["tables"]
    assert [row["abbreviation"] for row in found["review.Credential"]] == ["X1"]
    assert [row["reason"] for row in found["review.SuggestionExemption"]] == ["Wording only."]
    [edition] = found["editions.Edition"]
    assert edition["contributors"][0]["id"] == writer.pk
    assert "canonical" not in edition


@pytest.mark.parametrize("role", ["proposer", "confirmer"])
def test_an_export_has_signers_that_the_account_proposed_or_confirmed_and_an_erasure_leaves_them(
    role: str, published_medicine: Any
) -> None:
    somebody = User.objects.create_user("somebody")
    profile = ReviewerProfile.objects.get(user_id=Signature.objects.get().user_id)
    person = {"id": somebody.pk, "username": "somebody", "name": ""}
    profile.confirmations["credentials"][role] = person
    ReviewerProfile.objects.filter(pk=profile.pk).update(confirmations=profile.confirmations)
    found = export("somebody")["tables"]
    assert [row["id"] for row in found["review.ReviewerProfile"]] == [profile.pk]
    call_command("erase_account", "somebody", confirm="somebody", stdout=StringIO())
    assert ReviewerProfile.objects.filter(pk=profile.pk).exists()


def test_an_erasure_leaves_the_record_whole(published_medicine: Any, settings: Any) -> None:
    settings.RECORD_ACCOUNT_CHANGES = True
    run_deferred_constraints()
    signature = Signature.objects.get()
    reviewer = User.objects.get(pk=signature.user_id)
    name, username = signature.name, reviewer.username
    TOTPDevice.objects.create(user=reviewer, name="phone")
    sign_in(reviewer)
    before = LedgerEntry.objects.count()
    out = StringIO()
    call_command("erase_account", username, confirm=username, stdout=out)
    reviewer.refresh_from_db()
    assert (reviewer.username, reviewer.email, reviewer.get_full_name()) == (f"erased-{reviewer.pk}", "", "")
    assert not reviewer.is_active
    assert not reviewer.has_usable_password()
    assert not reviewer.groups.exists()
    assert not hasattr(reviewer, "reviewer_profile")
    for label, table in PERSONAL_TABLES.items():
        if table.erasure == Erasure.DELETED and table.by_account:
            assert not export(reviewer.username)["tables"].get(label), label
    assert not Session.objects.exists()
    assert not Notice.objects.filter(user=reviewer).exists()
    assert Signature.objects.get().name == name
    recorded = LedgerEntry.objects.filter(seq__gt=before, subject=f"account:{reviewer.pk}")
    assert {"account", "credentials", "membership"} <= set(recorded.values_list("event", flat=True))
    verify()
    assert f"{username} is now erased-{reviewer.pk}, and cannot sign in." in out.getvalue()


def test_an_erased_writer_still_cannot_sign_their_own_words(published_medicine: Any) -> None:
    writer = User.objects.get(pk=Contribution.objects.values_list("user_id", flat=True).first())
    names = set(Contribution.objects.values_list("username", "name"))
    call_command("erase_account", writer.username, confirm=writer.username, stdout=StringIO())
    assert set(Contribution.objects.values_list("username", "name")) == names


@pytest.mark.parametrize("command", ["export_account", "erase_account"])
def test_an_unknown_account_is_told(db: None, command: str) -> None:
    options = {"confirm": "nobody"} if command == "erase_account" else {}
    with pytest.raises(CommandError, match="There is no account “nobody”"):
        call_command(command, "nobody", **options)


def test_an_erasure_needs_the_name_twice(db: None) -> None:
    User.objects.create_user("jane")
    with pytest.raises(CommandError, match="nothing was erased"):
        call_command("erase_account", "jane", confirm="john")
    assert User.objects.filter(username="jane").exists()


def test_the_last_superuser_stays(db: None) -> None:
    User.objects.create_superuser("root")
    with pytest.raises(CommandError, match="is the only active superuser"):
        call_command("erase_account", "root", confirm="root")

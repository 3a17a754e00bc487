"""Names and credentials that patients read: a grammar, a closed list, a second person, and the signature."""

import json
import re
from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection
from django.test import Client
from wagtail.admin.forms.account import NameEmailForm

from monographs.core.db_clock import database_today
from monographs.document.canonical import sha256_hex
from monographs.editions.models import Edition, LedgerEntry, Signature
from monographs.editions.verify import VerificationError, verify
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import Confirm, Sign, Withdraw, proposal_hash
from monographs.review.models import ReviewerProfile, Submission
from tests.conftest import as_user, run_deferred_constraints
from tests.factories import PASSWORD, make_monograph, make_user, read_all, sign, submit

pytestmark = pytest.mark.django_db

PROFILES = "/admin/snippets/review/reviewerprofile/"
CREDENTIALS = "/admin/snippets/review/credential/"


def propose(by: Any, user: Any, **fields: Any) -> Any:
    """Enter the profile of ``user`` on Wagtail's own screen; return the response."""
    data = {"user": user.pk, "credentials": ["PharmD"], "field": "", "expires_on": "", **fields}
    profile = ReviewerProfile.objects.filter(user=user).first()
    return as_user(by).post(f"{PROFILES}edit/{profile.pk}/" if profile else f"{PROFILES}add/", data)


def confirm(by: Any, row: Any, *, seen: str = "", password: str = PASSWORD) -> Any:
    """Confirm ``row`` on its screen; return the response."""
    kind = "signer" if isinstance(row, ReviewerProfile) else "credential"
    fresh = type(row).objects.get(pk=row.pk)
    data = {"sha256": seen or proposal_hash(fresh), "password": password}
    return as_user(by).post(f"/admin/review/signers/{kind}/{row.pk}/", data)


def profile_of(user: Any) -> ReviewerProfile:
    return ReviewerProfile.objects.get(user=user)


def test_an_account_newer_than_the_proposal_does_not_confirm_it(
    editor: Any, newcomer: Any, writer: Any
) -> None:
    """Else whoever took over an administrator's account makes the second person."""
    propose(editor, newcomer)
    helper = make_user("helper", "Editors")
    refused = confirm(helper, profile_of(newcomer))
    assert refused.status_code == 403
    assert "newer than this proposal" in refused.content.decode()
    assert not profile_of(newcomer).is_confirmed


def refused_by(rule: Rule, user: Any, submission: Submission) -> None:
    """Check that ``user`` cannot sign ``submission`` because of ``rule``."""
    with pytest.raises(PolicyError) as refusal:
        sign(submission, user)
    assert refusal.value.rule == rule
    assert not Signature.objects.exists()


def test_one_person_cannot_name_a_signer(editor: Any, newcomer: Any, writer: Any) -> None:
    """The attack as one person: credentials entered by an editor are used by their owner at once."""
    submission = submit(make_monograph(by=writer), writer)
    assert propose(editor, newcomer).status_code == 302
    read_all(submission, newcomer)
    form = {"sha256": submission.sha256, "password": PASSWORD}
    response = as_user(newcomer).post(f"/admin/review/{submission.pk}/sign/", form)
    assert response.status_code == 403
    assert "confirm" in response.content.decode()
    assert not Signature.objects.exists()


def test_a_second_person_makes_a_signer(
    editor: Any, editor2: Any, newcomer: Any, writer: Any, client: Client
) -> None:
    submission = submit(make_monograph(by=writer), writer)
    propose(editor, newcomer, credentials=["PharmD", "BCOP"], field="haematology pharmacy")
    refused_by(Rule.NOT_CONFIRMED, newcomer, submission)
    assert confirm(editor2, profile_of(newcomer)).status_code == 302
    sign(submission, get_user_model().objects.get(pk=newcomer.pk))
    signature = Signature.objects.get()
    assert (signature.name, signature.credentials) == ("Newcomer Tester", "PharmD, BCOP")
    page = client.get("/medicines/testumab/").content.decode()
    assert "Newcomer Tester" in page
    assert "PharmD, BCOP" in page
    run_deferred_constraints()
    assert verify()["editions"] == 1


@pytest.mark.parametrize("who", ["editor", "newcomer", "writer", "reviewer"])
def test_others_than_a_second_person_cannot_confirm(
    who: str, editor: Any, newcomer: Any, writer: Any, reviewer: Any
) -> None:
    people = {"editor": editor, "newcomer": newcomer, "writer": writer, "reviewer": reviewer}
    newcomer.groups.add(*editor.groups.all())
    propose(editor, newcomer)
    assert confirm(people[who], profile_of(newcomer)).status_code in (302, 403)
    assert not profile_of(newcomer).is_confirmed
    assert LedgerEntry.objects.filter(event="refused").exists()


def test_a_second_account_of_the_proposer_cannot_confirm(editor: Any, newcomer: Any) -> None:
    twin = make_user("twin", "Editors")
    propose(editor, newcomer)
    get_user_model().objects.filter(pk=twin.pk).update(username="ed\u0456tor")  # a Cyrillic letter
    assert confirm(get_user_model().objects.get(pk=twin.pk), profile_of(newcomer)).status_code == 403


def test_an_editor_and_a_superuser_can_start_a_site(editor: Any, superuser: Any, newcomer: Any) -> None:
    """Each confirms what the other entered, also when both entered a part."""
    propose(editor, newcomer)
    as_user(superuser).post(
        f"/admin/users/edit/{newcomer.pk}/",
        {
            "username": "newcomer", "email": newcomer.email, "first_name": "Nora", "last_name": "Newcomer",
            "is_active": "on", "groups": [group.pk for group in newcomer.groups.all()],
            "your_password": PASSWORD,
        },
    )  # fmt: skip
    profile = profile_of(newcomer)
    assert profile.user.get_full_name() == "Nora Newcomer"
    assert profile.proposer_of("name").username == "admin"
    assert confirm(editor, profile).status_code == 302
    assert not profile_of(newcomer).is_confirmed, "the editor's own part waits"
    assert confirm(superuser, profile).status_code == 302
    assert profile_of(newcomer).confirmed_as == "Nora Newcomer, PharmD"


def rename(user: Any, first_name: str) -> NameEmailForm:
    """Return the form of the account screen, filled in."""
    data = {"first_name": first_name, "last_name": "Else", "email": user.email}
    return NameEmailForm(data, instance=user)


CHANGES = {
    "own name": lambda user: rename(user, "Somebody").save(),
    "name by SQL": lambda user: get_user_model().objects.filter(pk=user.pk).update(last_name="Sql"),
    "credentials": lambda user: propose(make_user("other", "Editors"), user, credentials=["MD"]),
    "credentials by SQL": lambda user: ReviewerProfile.objects.filter(user=user).update(credentials="MD"),
    "field": lambda user: propose(make_user("other", "Editors"), user, field="oncology"),
    "sign-in name": lambda user: get_user_model().objects.filter(pk=user.pk).update(username="renamed"),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_makes_a_signer_unconfirmed(change: str, reviewer: Any, writer: Any) -> None:
    submission = submit(make_monograph(by=writer), writer)
    CHANGES[change](reviewer)
    changed = get_user_model().objects.get(pk=reviewer.pk)
    assert not profile_of(changed).is_confirmed
    refused_by(Rule.NOT_CONFIRMED, changed, submission)


def in_days(number: int) -> date:
    return database_today() + timedelta(days=number)


@pytest.fixture
def expiring(reviewer: Any, editor: Any) -> Any:
    """A reviewer who may sign for another ten days, which is less than two people have confirmed."""
    assert propose(editor, reviewer, expires_on=in_days(10)).status_code == 302
    assert profile_of(reviewer).is_confirmed, "an earlier day needs nobody"
    return reviewer


@pytest.mark.parametrize("days", [30, None])
def test_a_later_last_day_needs_a_second_person(
    days: int | None, editor: Any, editor2: Any, expiring: Any, writer: Any
) -> None:
    """Else one person alone makes credentials valid that have expired."""
    submission = submit(make_monograph(by=writer), writer)
    propose(editor, expiring, expires_on=in_days(days) if days else "")
    refused_by(Rule.NOT_CONFIRMED, get_user_model().objects.get(pk=expiring.pk), submission)
    assert "Last day" in as_user(editor2).get("/admin/review/signers/").content.decode()
    assert confirm(editor, profile_of(expiring)).status_code == 403
    assert confirm(editor2, profile_of(expiring)).status_code == 302
    sign(submission, get_user_model().objects.get(pk=expiring.pk))


def test_expired_credentials_are_not_renewed_by_one_person_nor_by_sql(expiring: Any, editor: Any) -> None:
    propose(editor, expiring, expires_on=in_days(-1))
    assert (profile_of(expiring).is_confirmed, profile_of(expiring).expired) == (True, True)
    propose(editor, expiring, expires_on=in_days(10))
    assert not profile_of(expiring).is_confirmed, "nor back to the day before"
    ReviewerProfile.objects.update(expires_on=in_days(-1))
    profile_of(expiring).save()
    ReviewerProfile.objects.update(expires_on=None)
    assert not profile_of(expiring).is_confirmed


def test_nobody_enters_a_later_last_day_for_themselves(editor: Any, expiring: Any) -> None:
    expiring.groups.add(*editor.groups.all())
    for day in (in_days(11), ""):
        refused = propose(expiring, expiring, expires_on=day)
        assert refused.status_code == 200
        assert "Nobody enters a later last day for themselves" in refused.content.decode()
    assert profile_of(expiring).expires_on == in_days(10)
    assert propose(expiring, expiring, expires_on=in_days(9)).status_code == 302
    assert profile_of(expiring).is_confirmed


def test_the_migration_keeps_confirmed_days_confirmed(reviewer: Any, newcomer: Any) -> None:
    """By people, as an outside expert needs some who answer for the whole record."""
    ReviewerProfile(user=newcomer, credentials="PharmD").save()
    for row in ReviewerProfile.objects.all():
        before = {name: each for name, each in row.confirmations.items() if name != "last day"}
        ReviewerProfile.objects.filter(pk=row.pk).update(confirmations=before)
    assert not profile_of(reviewer).is_confirmed
    import_module("monographs.review.migrations.0018_last_days_by_two").confirm_last_days(apps, None)
    assert profile_of(reviewer).is_confirmed
    found = profile_of(reviewer).confirmations["last day"]
    assert (found["value"], found["confirmer"]["username"]) == ("none", "confirmer")
    assert "last day" in profile_of(newcomer).unconfirmed()


def test_a_change_and_back_needs_a_new_confirmation(reviewer: Any, editor: Any) -> None:
    propose(editor, reviewer, credentials=["MD"])
    propose(editor, reviewer, credentials=["PharmD"])
    assert not profile_of(reviewer).is_confirmed


def test_a_stale_copy_does_not_bring_a_confirmation_back(reviewer: Any, editor: Any) -> None:
    stale = profile_of(reviewer)
    propose(editor, reviewer, credentials=["MD"])
    stale.save()
    assert profile_of(reviewer).credentials == "PharmD"
    assert not profile_of(reviewer).is_confirmed


def test_a_confirmed_profile_given_to_another_account_is_unconfirmed(reviewer: Any, newcomer: Any) -> None:
    profile = profile_of(reviewer)
    get_user_model().objects.filter(pk=newcomer.pk).update(first_name="Reviewer", last_name="Tester")
    ReviewerProfile.objects.filter(pk=profile.pk).update(user=newcomer)
    assert not profile_of(newcomer).is_confirmed


def test_confirming_another_text_than_was_shown_is_refused(editor: Any, editor2: Any, newcomer: Any) -> None:
    propose(editor, newcomer)
    seen = proposal_hash(profile_of(newcomer))
    propose(editor, newcomer, credentials=["MD"])
    assert confirm(editor2, profile_of(newcomer), seen=seen).status_code == 403
    assert not profile_of(newcomer).is_confirmed


def test_confirming_needs_the_password(editor: Any, editor2: Any, newcomer: Any) -> None:
    propose(editor, newcomer)
    assert confirm(editor2, profile_of(newcomer), password="guess").status_code == 403
    assert not profile_of(newcomer).is_confirmed


def test_the_screen_shows_as_whom_one_signs(reviewer: Any, writer: Any) -> None:
    submission = submit(make_monograph(by=writer), writer)
    page = as_user(reviewer).get(f"/admin/review/{submission.pk}/").content.decode()
    words = BeautifulSoup(page, "html.parser").select_one(".review__signer").get_text(" ", strip=True)
    assert "You sign as Reviewer Tester, PharmD" in words
    assert "Medical review" in words


def test_signing_as_somebody_else_than_shown_is_refused(
    reviewer: Any, writer: Any, editor: Any, editor2: Any
) -> None:
    submission = submit(make_monograph(by=writer), writer)
    read_all(submission, reviewer)
    page = as_user(reviewer).get(f"/admin/review/{submission.pk}/").content.decode()
    seen = re.search(r'name="signer" value="([0-9a-f]{64})"', page)
    assert seen
    propose(editor, reviewer, credentials=["MD"])
    Confirm(
        editor2, profile_of(reviewer), password=PASSWORD,
        seen_sha256=proposal_hash(profile_of(reviewer)),
    ).execute()  # fmt: skip
    form = {"sha256": submission.sha256, "signer": seen[1], "password": PASSWORD}
    response = as_user(reviewer).post(f"/admin/review/{submission.pk}/sign/", form)
    assert response.status_code == 403
    assert "changed since you opened" in response.content.decode()
    fresh = get_user_model().objects.get(pk=reviewer.pk)
    Sign(fresh, submission, password=PASSWORD, seen_sha256=submission.sha256).execute()
    assert Signature.objects.get().credentials == "MD"


def test_a_signature_signs_the_signers_name(published_medicine: Any) -> None:
    signature = Signature.objects.get()
    stated = json.loads(signature.statement)
    assert stated["name"] == "Reviewer Tester"
    assert stated["credentials"] == "PharmD"
    assert stated["sha256"] == Edition.objects.get().sha256
    assert signature.statement_sha256 == sha256_hex(signature.statement.encode())
    entry = json.loads(LedgerEntry.objects.get(event="signed").body)["data"]
    assert entry["statement_sha256"] == signature.statement_sha256
    get_user_model().objects.update(first_name="Changed")
    assert "Reviewer Tester" in Client().get("/medicines/testumab/").content.decode()


def test_a_statement_that_differs_from_its_columns_is_found(published_medicine: Any) -> None:
    run_deferred_constraints()
    forged = Signature.objects.get().statement.replace("PharmD", "MD")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE editions_signature DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE editions_signature SET statement = %s, statement_sha256 = %s",
            [forged, sha256_hex(forged.encode())],
        )
    with pytest.raises(VerificationError, match=r"statement"):
        verify()


def test_a_signature_without_a_statement_is_refused_by_the_database(published_medicine: Any) -> None:
    run_deferred_constraints()
    insert = """
        INSERT INTO editions_signature (submission, key, sha256, step, meaning, user_id, username, name,
            credentials, method, field, signed_at)
        SELECT submission, key, sha256, step, meaning, user_id + 1, username, name,
            credentials, method, field, now()
        FROM editions_signature
    """
    with pytest.raises(IntegrityError, match="does not state who signs"), connection.cursor() as cursor:
        cursor.execute(insert)


def test_an_unconfirmed_reviewer_cannot_withdraw(editor: Any, newcomer: Any, published_medicine: Any) -> None:
    propose(editor, newcomer)
    attempt = Withdraw(
        newcomer, Edition.objects.get().key, cause=WithdrawalReason.MISTAKE, note="Wrong.", password=PASSWORD
    )
    with pytest.raises(PolicyError) as refusal:
        attempt.execute()
    assert refusal.value.rule == Rule.NOT_CONFIRMED


def test_the_list_of_signers_is_for_editors_and_superusers(editor: Any, newcomer: Any, writer: Any) -> None:
    propose(editor, newcomer)
    page = as_user(make_user("editor2", "Editors")).get("/admin/review/signers/").content.decode()
    assert "Newcomer Tester" in page
    assert "entered by Editor Tester" in page
    assert as_user(writer).get("/admin/review/signers/").status_code in (302, 403)

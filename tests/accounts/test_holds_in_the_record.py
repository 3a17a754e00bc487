"""Holds in the database and in the verifiers: what was signed while one was open does not count."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from wagtail.log_actions import LogContext

from monographs.accounts import signing_holds
from monographs.accounts.actors import person_of
from monographs.accounts.models import SigningHold
from monographs.editions.ledger import head
from monographs.editions.models import Signature
from monographs.editions.verify import check_database
from tests.accounts.test_signing_holds import (
    change_email,
    choose_by_link,
    confirm,
)
from tests.conftest import run_deferred_constraints
from tests.database import without_trigger
from tests.export.both_verifiers import faults_of_both
from tests.factories import make_monograph, sign, submit

pytestmark = pytest.mark.django_db


def test_a_hold_and_its_time_are_the_databases(reviewer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A web server with a wrong clock neither shortens nor skips the wait."""
    from django.utils import timezone  # noqa: PLC0415  # replaced below

    wrong = timezone.now() + timedelta(days=400)
    monkeypatch.setattr(timezone, "now", lambda: wrong)
    change_email(reviewer)
    hold = SigningHold.objects.get()
    assert hold.until
    assert hold.until - hold.since == timedelta(days=1)
    assert abs(wrong - hold.since) > timedelta(days=300)
    assert signing_holds.open_holds(reviewer).exists()


#: Statements of the application's role that would end a hold, and by what each is refused.
SKIPPED = {
    "deleted": ("DELETE FROM accounts_signinghold", "stays as long as the account"),
    "ended": ("UPDATE accounts_signinghold SET until = now()", "not changed"),
    "begun later": ("UPDATE accounts_signinghold SET since = now() + interval '1 day'", "not changed"),
    "of somebody else": ("UPDATE accounts_signinghold SET user_id = {editor}", "not changed"),
    "confirmed by nobody": ("UPDATE accounts_signinghold SET confirmed_at = now()", "somebody else"),
    "confirmed by its owner": (
        "UPDATE accounts_signinghold SET confirmed_at = now(), confirmer_id = user_id",
        "somebody else",
    ),
    "confirmed by who made the change": (
        "UPDATE accounts_signinghold SET confirmed_at = now(), confirmer_id = actor_id",
        "somebody else",
    ),
    "confirmed without a record": (
        "UPDATE accounts_signinghold SET confirmed_at = now(), confirmer_id = {editor}",
        "the ledger does not record",
    ),
}


def run_to_commit(statement: str) -> None:
    """Run a statement and what is checked at commit."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
    run_deferred_constraints()


@pytest.mark.parametrize("how", SKIPPED)
def test_no_sql_of_the_application_ends_a_hold(reviewer: Any, editor: Any, superuser: Any, how: str) -> None:
    with LogContext(user=superuser):
        change_email(reviewer)
    statement, message = SKIPPED[how]
    with pytest.raises(DatabaseError, match=message), transaction.atomic():
        run_to_commit(statement.format(editor=editor.pk))
    assert signing_holds.open_holds(reviewer).exists()


def test_the_database_refuses_an_edition_signed_during_a_hold(
    writer: Any, reviewer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = submit(make_monograph(by=writer), writer)
    change_email(reviewer)
    monkeypatch.setattr(signing_holds, "is_on_hold", lambda user: False)
    sign(submission, User.objects.get(pk=reviewer.pk))
    with pytest.raises(DatabaseError, match="whose sign-in facts had changed"):
        run_deferred_constraints()


def signed_on_hold(writer: Any, reviewer: Any, monkeypatch: pytest.MonkeyPatch) -> Signature:
    """A signature by an account on hold, which made an edition past code and database."""
    monkeypatch.setattr(signing_holds, "is_on_hold", lambda user: False)
    sign(submit(make_monograph(by=writer), writer), User.objects.get(pk=reviewer.pk))
    return Signature.objects.get()


def test_both_verifiers_name_a_signature_during_a_hold(
    writer: Any, reviewer: Any, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.RECORD_ACCOUNT_CHANGES = True
    without_trigger("editions_edition", "signed_without_hold")
    before = head()
    change_email(reviewer)
    signature = signed_on_hold(writer, reviewer, monkeypatch)
    (fault,) = faults_of_both(tmp_path / "export")
    assert f"signature {signature.pk} is by an account whose sign-in facts had changed" in fault
    assert check_database(checkpoint=before).faults
    assert not check_database(checkpoint=head()).faults


def test_both_verifiers_know_that_a_hold_was_confirmed(
    writer: Any, reviewer: Any, editor: Any, settings: Any, tmp_path: Path
) -> None:
    settings.RECORD_ACCOUNT_CHANGES = True
    change_email(reviewer)
    choose_by_link(reviewer)
    assert confirm(editor, reviewer).status_code == 302
    sign(submit(make_monograph(by=writer), writer), User.objects.get(pk=reviewer.pk))
    run_deferred_constraints()
    assert not faults_of_both(tmp_path / "export")


def test_both_verifiers_count_no_confirmation_by_the_wrong_person(
    writer: Any, reviewer: Any, superuser: Any, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither by the owner nor by who made the change."""
    settings.RECORD_ACCOUNT_CHANGES = True
    without_trigger("editions_edition", "signed_without_hold")
    with LogContext(user=superuser):
        change_email(reviewer)
    for confirmer in (reviewer, superuser):
        signing_holds._record(SigningHold.objects.get(), person_of(confirmer), confirmed=True)
    signed_on_hold(writer, reviewer, monkeypatch)
    (fault,) = faults_of_both(tmp_path / "export")
    assert "whose sign-in facts had changed" in fault

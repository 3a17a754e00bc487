"""Withdrawing a page from patients at once, for safety, with a signature and a reason."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from monographs.editions import withdrawals
from monographs.editions.ledger import Event
from monographs.editions.models import Edition, LedgerEntry, Publication, Signature, Withdrawal
from monographs.editions.person import SYSTEM
from monographs.editions.verify import verify
from monographs.editions.withdrawal_reasons import REASON_TEXTS, WithdrawalReason
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import Withdraw
from monographs.review.models import MedicalReviewTask, ReviewerProfile, Submission
from monographs.review.publication.scheduled import publish_due
from tests.conftest import run_deferred_constraints
from tests.factories import PASSWORD, delete_as_before, edit, make_user, publish, sign, submit

pytestmark = pytest.mark.django_db

PATH = "/medicines/testumab/"


def withdraw(user: Any, key: Any, *, note: str = "Tenfold dose.", password: str = PASSWORD) -> Publication:
    return Withdraw(user, key, cause=WithdrawalReason.MISTAKE, note=note, password=password).execute()


@pytest.fixture
def public(published_medicine: MonographPage) -> MonographPage:
    """A public medicine."""
    return published_medicine


def test_patients_read_at_once_that_it_was_withdrawn_why_and_what_to_do(
    client: Client, public: MonographPage, reviewer: Any, django_capture_on_commit_callbacks: Any
) -> None:
    make_user("editor", "Editors")
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(reviewer, public.translation_key)
    run_deferred_constraints()
    for path in (PATH, f"{PATH}editions/", f"{PATH}editions/1/"):
        response = client.get(path)
        assert response.status_code == 410
        assert REASON_TEXTS[WithdrawalReason.MISTAKE].reason in response.content.decode()
        assert REASON_TEXTS[WithdrawalReason.MISTAKE].advice in response.content.decode()
    listed = client.get("/medicines/").content.decode()
    assert REASON_TEXTS[WithdrawalReason.MISTAKE].advice in listed
    assert public.get_latest_revision_as_object().summary not in listed
    page = MonographPage.objects.get(pk=public.pk)
    assert not page.live
    assert verify()["withdrawals"] == 1
    told = json.loads(LedgerEntry.objects.get(event=Event.WITHDRAWN).body)
    assert (told["actor"]["username"], told["data"]["note"]) == ("reviewer", "Tenfold dose.")
    (notice,) = [
        m for m in mail.outbox if m.subject == "Withdrawn: testumab" and m.to == ["editor@example.org"]
    ]
    assert notice.to == ["editor@example.org"]


def test_the_signature_is_of_the_withdrawals_own_text(public: MonographPage, reviewer: Any) -> None:
    withdraw(reviewer, public.translation_key)
    withdrawal = Withdrawal.objects.get()
    signature = Signature.objects.get(submission=withdrawal.uuid)
    assert signature.sha256 == withdrawal.sha256 != withdrawal.edition.sha256
    assert json.loads(withdrawal.canonical)["note"] == "Tenfold dose."


@pytest.mark.parametrize(
    ("who", "rule"),
    [
        ("writer2", Rule.NOT_A_REVIEWER),
        ("editor", Rule.NOT_A_REVIEWER),
        ("superuser", Rule.NOT_A_REVIEWER),
        ("inactive", Rule.INACTIVE),
        ("without_credentials", Rule.NO_CREDENTIALS),
        ("expired", Rule.EXPIRED),
    ],
)
def test_who_may_not_withdraw(client: Client, public: MonographPage, who: str, rule: Rule) -> None:
    groups = {"writer2": ["Medical writers"], "editor": ["Editors"], "superuser": []}
    credentials = "" if who == "without_credentials" else None
    person = make_user(
        who, *groups.get(who, ["Medical reviewers"]), superuser=who == "superuser", credentials=credentials
    )
    person.is_active = who != "inactive"
    person.save()
    if who == "expired":
        yesterday = timezone.now().date() - timedelta(days=1)
        ReviewerProfile.objects.filter(user=person).update(expires_on=yesterday)
        person.refresh_from_db()
    before = client.get(PATH).content
    with pytest.raises(PolicyError) as refusal:
        withdraw(person, public.translation_key)
    assert refusal.value.rule == rule
    assert client.get(PATH).content == before
    assert json.loads(LedgerEntry.objects.get(event=Event.REFUSED).body)["data"]["attempt"] == "withdraw"


def test_a_contributor_may_withdraw(public: MonographPage, client: Client) -> None:
    both = make_user("both", "Medical writers", "Medical reviewers")
    edit(public, both, how_it_works="Mended.")
    withdraw(both, public.translation_key)
    assert client.get(PATH).status_code == 410


def test_a_wrong_password_or_no_note_withdraws_nothing(
    client: Client, public: MonographPage, reviewer: Any
) -> None:
    with pytest.raises(PolicyError, match="password is not right"):
        withdraw(reviewer, public.translation_key, password="guess")
    with pytest.raises(PolicyError, match="Say what is wrong"):
        withdraw(reviewer, public.translation_key, note=" ")
    assert client.get(PATH).status_code == 200
    assert not Withdrawal.objects.exists()


def test_a_page_that_is_not_public_cannot_be_withdrawn(public: MonographPage, reviewer: Any) -> None:
    withdraw(reviewer, public.translation_key)
    with pytest.raises(PolicyError, match="not public"):
        withdraw(reviewer, public.translation_key)
    with pytest.raises(PolicyError, match="not public"):
        withdraw(reviewer, uuid.uuid4())


def test_a_new_edition_makes_the_page_public_again(
    client: Client, public: MonographPage, writer: Any, reviewer: Any
) -> None:
    withdraw(reviewer, public.translation_key)
    edit(public, writer, how_it_works="Corrected.")
    publish(public, writer, reviewer)
    assert client.get(PATH)["X-Edition"] == "testumab/2"
    assert Publication.objects.get().withdrawal is None
    assert MonographPage.objects.get(pk=public.pk).live
    assert verify()["publications"] == 1


def test_a_scheduled_submission_is_recalled_with_it(
    client: Client, public: MonographPage, writer: Any, reviewer: Any
) -> None:
    edit(public, writer, how_it_works="Next month's words.")
    submission = submit(public, writer, publish_at=timezone.now() + timedelta(days=30))
    sign(submission, reviewer)
    withdraw(reviewer, public.translation_key)
    assert publish_due(timezone.now() + timedelta(days=31)) == []
    assert client.get(PATH).status_code == 410
    submission.refresh_from_db()
    assert submission.status == "recalled"
    assert "Tenfold dose." in submission.outcome


def test_a_text_in_review_is_recalled_with_it_and_its_signatures_are_void(
    client: Client, public: MonographPage, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    """Signing it would bring back what was just withdrawn."""
    edit(public, writer, how_it_works="Submitted before.")
    submission = submit(MonographPage.objects.get(pk=public.pk), writer)
    Submission.objects.filter(pk=submission.pk).update(steps=[{"step": "Medical review", "signatures": 2}])
    MedicalReviewTask.objects.update(signatures=2)
    sign(submission, reviewer)
    withdraw(reviewer, public.translation_key)
    with pytest.raises(PolicyError, match=r"The page was withdrawn: Tenfold dose\. If it should") as refusal:
        sign(submission, reviewer2)
    assert refusal.value.rule == Rule.NOT_IN_REVIEW
    assert client.get(PATH).status_code == 410
    assert LedgerEntry.objects.filter(event=Event.VOIDED).count() == 1
    assert not MonographPage.objects.get(pk=public.pk).is_frozen
    again = submit(MonographPage.objects.get(pk=public.pk), writer)
    sign(again, reviewer)
    sign(again, reviewer2)
    assert client.get(PATH)["X-Edition"] == "testumab/2"


def test_the_database_refuses_an_edition_submitted_before_the_withdrawal(
    public: MonographPage, writer: Any, reviewer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the application had forgotten to recall it, and to compare."""
    edit(public, writer, how_it_works="Submitted before.")
    submission = submit(MonographPage.objects.get(pk=public.pk), writer)
    monkeypatch.setattr("monographs.review.actions.withdraw.recall_all", lambda *args: None)
    withdraw(reviewer, public.translation_key)
    with pytest.raises(PolicyError, match="withdrawn after this text was submitted"):
        sign(submission, reviewer)
    monkeypatch.setattr("monographs.editions.publishing.ended_by", lambda *args: None)
    sign(submission, reviewer)
    with pytest.raises(IntegrityError, match="withdrawn after this text was submitted"):
        run_deferred_constraints()


def test_a_page_deleted_in_the_admin_can_still_be_withdrawn(
    client: Client, public: MonographPage, reviewer: Any
) -> None:
    delete_as_before(public)
    assert client.get(PATH).status_code == 200
    withdraw(reviewer, public.translation_key)
    assert client.get(PATH).status_code == 410


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_an_unsigned_withdrawal(public: MonographPage, reviewer: Any) -> None:
    edition = Edition.objects.get()
    unsigned = Signature(submission=uuid.uuid4(), key=edition.key)
    with pytest.raises(IntegrityError, match="nobody signed it"), transaction.atomic():
        withdrawals.withdraw(unsigned, edition, WithdrawalReason.MISTAKE, "Because.", SYSTEM)
    with (
        pytest.raises(IntegrityError, match="withdrawn_by_a_withdrawal"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE editions_publication SET state = 'withdrawn', reason = 'Sneaked words.'")
    assert Publication.objects.get().state == "current"


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_a_reason_other_than_the_signed_one(
    public: MonographPage, reviewer: Any
) -> None:
    withdraw(reviewer, public.translation_key)
    with (
        pytest.raises(IntegrityError, match="withdrawal of something else"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE editions_publication SET reason = 'Sneaked words.'")

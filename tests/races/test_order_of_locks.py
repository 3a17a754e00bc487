"""What the hammer of ``test_races`` finds only by chance, one moment at a time."""

import threading
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from monographs.core.conflict_retry import ATTEMPTS, retry_conflicts
from monographs.core.locks import lock_page_keys
from monographs.editions.contributions import record_contribution
from monographs.editions.ledger import Event, append_entry
from monographs.editions.models import LedgerEntry, Publication, Signature
from monographs.editions.person import Person
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import Sign, Withdraw
from monographs.review.models import Submission
from tests.accounts.conftest import Phone
from tests.factories import PASSWORD, edit, make_monograph, publish, read_all, submit
from tests.races.connections import SECONDS, elsewhere, held, waits

pytestmark = pytest.mark.django_db(transaction=True)

SOMEBODY = Person(id=4711, username="somebody", name="Some Body")


@pytest.fixture
def submission(writer: Any, reviewer: Any, reviewer2: Any) -> Submission:
    """A second edition in review, read by another reviewer."""
    page = make_monograph(by=writer)
    publish(page, writer, reviewer)
    edit(MonographPage.objects.get(pk=page.pk), writer, how_it_works="Unsafe.")
    made = submit(MonographPage.objects.get(pk=page.pk), writer)
    read_all(made, reviewer2)
    return made


def test_a_contribution_during_a_publication_counts_for_the_next_edition(
    submission: Submission, reviewer2: Any
) -> None:
    """Counted for the edition being made, it would not keep its author from signing the next one."""
    act = Sign(reviewer2, submission, password=PASSWORD, seen_sha256=submission.sha256)
    with elsewhere() as run:
        with held(act.execute):
            contributed = run(record_contribution, submission.key, SOMEBODY, "0" * 64)
            assert waits(contributed), "for the edition"
        assert contributed.result(SECONDS).after_edition == 2


def test_a_draft_that_is_saved_while_its_text_is_submitted_waits_and_is_refused(
    writer: Any, reviewer: Any
) -> None:
    """Saved in the middle, it would differ from what reviewers sign."""
    page = make_monograph(by=writer)
    draft = MonographPage.objects.get(pk=page.pk)
    with elsewhere() as run:
        with held(lambda: submit(page, writer)):
            saved = run(draft.save_revision)
            assert waits(saved)
        assert isinstance(saved.exception(SECONDS), PolicyError)


def test_no_lock_is_held_while_a_password_is_checked(
    submission: Submission, reviewer: Any, reviewer2: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow signature does not delay a withdrawal, and is refused for it."""
    checking, checked = threading.Event(), threading.Event()
    check = type(reviewer2).check_password

    def slowly(user: Any, password: str) -> bool:
        if user.pk == reviewer2.pk:
            checking.set()
            assert checked.wait(SECONDS)
        return bool(check(user, password))

    monkeypatch.setattr(type(reviewer2), "check_password", slowly)
    with elsewhere() as run:
        act = Sign(reviewer2, submission, password=PASSWORD, seen_sha256=submission.sha256)
        signed = run(act.execute)
        assert checking.wait(SECONDS)
        withdrawal = Withdraw(
            reviewer, submission.key, cause=WithdrawalReason.MISTAKE, note="Tenfold.", password=PASSWORD
        )
        try:
            run(withdrawal.execute).result(SECONDS)
        finally:
            checked.set()
        refusal = signed.exception(SECONDS)
    assert isinstance(refusal, PolicyError)
    assert refusal.rule == Rule.NOT_IN_REVIEW
    assert "The page was withdrawn: Tenfold." in refusal.message
    assert Publication.objects.get().state == "withdrawn"


def test_a_code_is_used_up_once_by_a_signature_that_waits_and_is_refused(
    submission: Submission, reviewer2: Any
) -> None:
    code = Phone(reviewer2).code()
    rows = Submission.objects.filter(pk=submission.pk)

    def sign() -> Any:
        return Sign(
            reviewer2, submission, password=PASSWORD, code=code, seen_sha256=submission.sha256
        ).execute()

    def recall() -> None:
        lock_page_keys(submission.key)
        rows.update(status="recalled")

    with elsewhere() as run:
        with held(recall):
            signed = run(sign)
            assert waits(signed)
        assert isinstance(signed.exception(SECONDS), PolicyError)
    rows.update(status="in_review")
    with pytest.raises(PolicyError) as refusal:
        sign()
    assert refusal.value.rule in (Rule.WRONG_CODE, Rule.LOCKED)
    assert not Signature.objects.filter(submission=submission.uuid).exists()


@pytest.mark.parametrize(
    ("change", "rule"),
    [({"is_active": False}, Rule.INACTIVE), ({"password": "another"}, Rule.WRONG_PASSWORD)],
)
def test_rights_that_end_while_an_attempt_waits_count(
    submission: Submission, reviewer2: Any, change: dict[str, Any], rule: Rule
) -> None:
    def end_rights() -> None:
        lock_page_keys(submission.key)
        type(reviewer2).objects.filter(pk=reviewer2.pk).update(**change)

    with elsewhere() as run:
        with held(end_rights):
            act = Sign(reviewer2, submission, password=PASSWORD, seen_sha256=submission.sha256)
            signed = run(act.execute)
            assert waits(signed)
        refusal = signed.exception(SECONDS)
    assert isinstance(refusal, PolicyError)
    assert refusal.rule == rule


def test_a_deadlock_is_repeated_and_each_transaction_is_stored_once(site: Any) -> None:
    """Two transactions that take two locks in opposite orders, as code outside the project may."""
    meeting = threading.Barrier(2)
    met: list[int] = []

    def take(first: int, second: int) -> None:
        def both() -> None:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [first])
                if len(met) < 2:
                    met.append(first)
                    meeting.wait(SECONDS)
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [second])
                append_entry(Event.REFUSED, SOMEBODY, {"attempt": str(first), "rule": "", "message": ""})

        retry_conflicts(both)

    before = LedgerEntry.objects.count()
    with elsewhere() as run:
        for result in [run(take, 11, 12), run(take, 12, 11)]:
            result.result(SECONDS)
    assert LedgerEntry.objects.count() == before + 2


def test_other_errors_are_not_repeated_nor_an_inner_transaction(site: Any) -> None:
    tries: list[int] = []

    def fail() -> None:
        tries.append(1)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'met' USING ERRCODE = '40P01'; END $$")

    with pytest.raises(OperationalError, match="met"):
        retry_conflicts(fail)
    assert len(tries) == ATTEMPTS
    with pytest.raises(OperationalError), transaction.atomic():
        retry_conflicts(fail)
    assert len(tries) == ATTEMPTS + 1, "an inner transaction is repeated by whoever began the outer one"
    with pytest.raises(RuntimeError, match="until its transaction ends"):
        lock_page_keys("00000000-0000-4000-8000-000000000000")

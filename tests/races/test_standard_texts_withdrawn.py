"""A standard text is withdrawn while a text with its words becomes public: these hold locks of two pages."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from monographs.core.db_clock import database_now
from monographs.editions.models import Edition, Publication
from monographs.editions.verify import verify
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import Sign, Withdraw
from monographs.review.models import Submission
from monographs.review.publication.scheduled import publish_due
from tests.factories import PASSWORD, make_monograph, read_all, sign, submit
from tests.races.connections import SECONDS, elsewhere, held, waits_for_ledger
from tests.review.standard_text_pages import include, signed, signed_text

pytestmark = pytest.mark.django_db(transaction=True)

LATER = timedelta(days=1)


@pytest.fixture
def report(site: Any, writer: Any, reviewer: Any) -> Any:
    """A signed standard text."""
    return signed_text(writer, reviewer)


def in_review(report: Any, writer: Any, **terms: Any) -> Submission:
    """A medicine in review that includes version 1 of the text."""
    page = make_monograph(by=writer)
    include(page, writer, signed(report))
    return submit(page, writer, **terms)


def signature(submission: Submission, reader: Any) -> Sign:
    """The last signature that ``submission`` needs."""
    read_all(submission, reader)
    return Sign(reader, submission, password=PASSWORD, seen_sha256=submission.sha256)


def withdrawal(report: Any, reviewer: Any) -> Withdraw:
    return Withdraw(
        reviewer, report.translation_key, cause=WithdrawalReason.MISTAKE, note="Wrong.", password=PASSWORD
    )


def test_a_signature_that_waits_for_the_withdrawal_is_refused(
    report: Any, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    submission = in_review(report, writer)
    act = signature(submission, reviewer2)
    with elsewhere() as run:
        with held(withdrawal(report, reviewer).execute):
            attempt = run(act.execute)
            assert waits_for_ledger(attempt)
        refusal = attempt.exception(SECONDS)
    assert isinstance(refusal, PolicyError)
    assert refusal.rule == Rule.STANDARD_TEXT
    assert "version 1, was withdrawn" in refusal.message
    assert not Edition.objects.filter(key=submission.key).exists()
    verify()


def test_a_withdrawal_that_waits_for_the_signature_comes_after_it(
    report: Any, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    """What patients read by then stays, and editors are shown where the words are."""
    submission = in_review(report, writer)
    with elsewhere() as run:
        with held(signature(submission, reviewer2).execute):
            attempt = run(withdrawal(report, reviewer).execute)
            assert waits_for_ledger(attempt)
        attempt.result(SECONDS)
    states = dict(Publication.objects.values_list("key", "state"))
    assert states == {uuid.UUID(str(submission.key)): "current", report.translation_key: "withdrawn"}
    verify()


def test_a_scheduled_text_that_waits_for_the_withdrawal_is_not_published(
    report: Any, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    due = database_now() + LATER
    submission = in_review(report, writer, publish_at=due)
    sign(submission, reviewer2)
    with elsewhere() as run:
        with held(withdrawal(report, reviewer).execute):
            attempt = run(publish_due, due + LATER)
            assert waits_for_ledger(attempt)
        (outcome,) = attempt.result(SECONDS)
    assert (outcome.edition, "version 1, was withdrawn" in outcome.failure) == (None, True)
    assert not Edition.objects.filter(key=submission.key).exists()
    verify()

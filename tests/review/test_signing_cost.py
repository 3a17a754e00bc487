"""What signing and publishing ask of the database: few statements, the ledger locked for the last ones."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.models import MonographPage
from monographs.review.actions import Sign, Withdraw
from tests.factories import PASSWORD, edit, read_all, submit

pytestmark = pytest.mark.django_db

LEDGER = 'INSERT INTO "editions_ledgerentry"'


def statements(act: Any) -> list[str]:
    """The statements of an action, in order, without those after its commit."""
    with CaptureQueriesContext(connection) as queries:
        act.execute()
    return [query["sql"] for query in queries]


def locked(sent: list[str]) -> int:
    """How many statements were sent from the first one on that locks the ledger."""
    return len(sent) - next(place for place, sql in enumerate(sent) if sql.startswith(LEDGER))


def test_a_signature_that_publishes_takes_few_queries(
    published_medicine: MonographPage, writer: Any, reviewer: Any
) -> None:
    edit(published_medicine, writer, how_it_works="Another text.")
    submission = submit(MonographPage.objects.get(pk=published_medicine.pk), writer)
    read_all(submission, reviewer)
    sent = statements(Sign(reviewer, submission, password=PASSWORD, seen_sha256=submission.sha256))
    # Three ask whether a draft of the page is set aside, and store on which labels and sources it rests
    assert len(sent) <= 99
    # The entries, the signer's rights, the names of other pages, the end of the transaction
    assert locked(sent) <= 4


def test_a_submission_and_a_withdrawal(published_medicine: MonographPage, writer: Any, reviewer: Any) -> None:
    edit(published_medicine, writer, how_it_works="Another text.")
    page = MonographPage.objects.get(pk=published_medicine.pk)
    with CaptureQueriesContext(connection) as queries:
        submit(page, writer)
    # Two read the names of all pages, which have just changed
    assert len(queries) <= 113
    sent = statements(
        Withdraw(
            reviewer, page.translation_key, cause=WithdrawalReason.MISTAKE, note="Tenfold.", password=PASSWORD
        )
    )
    assert locked(sent) <= 3

"""A web server whose clock is wrong changes nothing: every time in the record is the database's."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from monographs.core.db_clock import database_now, database_today
from monographs.editions.models import Edition, LedgerEntry, Publication, Withdrawal
from monographs.editions.verify import verify
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.pages.refusals import PolicyError
from monographs.review.actions import Withdraw
from monographs.review.models import ReviewerProfile, Submission
from monographs.review.publication.scheduled import publish_due
from tests.conftest import run_deferred_constraints
from tests.factories import PASSWORD, make_monograph, publish, sign, submit

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[timedelta(seconds=400), timedelta(days=2), timedelta(days=-2)], ids=str)
def wrong_clock(request: Any, monkeypatch: pytest.MonkeyPatch) -> timedelta:
    """The web server's clock is wrong by this much."""
    right = timezone.now
    monkeypatch.setattr("django.utils.timezone.now", lambda: right() + request.param)
    error: timedelta = request.param
    return error


def test_what_is_published_and_withdrawn_has_the_databases_times(
    wrong_clock: timedelta, writer: Any, reviewer: Any
) -> None:
    before = database_now()
    page = make_monograph(by=writer)
    publish(page, writer, reviewer)
    Withdraw(
        reviewer, page.translation_key, cause=WithdrawalReason.MISTAKE, note="Wrong.", password=PASSWORD
    ).execute()
    run_deferred_constraints()
    after = database_now()
    edition, publication = Edition.objects.get(), Publication.objects.get()
    times = [edition.created_at, edition.effective_at, publication.flipped_at, Withdrawal.objects.get().at]
    times += [Submission.objects.get().submitted_at, *LedgerEntry.objects.values_list("at", flat=True)]
    assert [moment for moment in times if not before <= moment <= after] == []
    assert edition.last_reviewed == database_today()
    assert verify()["withdrawals"] == 1


def test_tomorrows_text_is_not_public_today(
    wrong_clock: timedelta, client: Client, writer: Any, reviewer: Any
) -> None:
    tomorrow = database_now() + timedelta(days=1)
    sign(submit(make_monograph(by=writer), writer, publish_at=tomorrow), reviewer)
    assert Submission.objects.get().is_scheduled
    assert publish_due() == []
    assert client.get("/medicines/testumab/").status_code == 404


def test_a_moment_that_has_passed_is_refused(wrong_clock: timedelta, writer: Any) -> None:
    with pytest.raises(PolicyError, match="has passed"):
        submit(make_monograph(by=writer), writer, publish_at=database_now() - timedelta(minutes=1))


def test_credentials_expire_by_the_databases_day(wrong_clock: timedelta, writer: Any, reviewer: Any) -> None:
    submission = submit(make_monograph(by=writer), writer)
    ReviewerProfile.objects.update(expires_on=database_today() - timedelta(days=1))
    with pytest.raises(PolicyError, match="expired"):
        sign(submission, type(reviewer).objects.get(pk=reviewer.pk))
    ReviewerProfile.objects.update(expires_on=database_today())
    sign(submission, type(reviewer).objects.get(pk=reviewer.pk))
    assert Edition.objects.exists()

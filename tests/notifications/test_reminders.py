"""Reminders of due dates: each stage once, however often or late the command runs."""

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from monographs.editions.models import Edition, ReviewKind
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.models import MonographPage
from monographs.review.actions import Withdraw
from monographs.review.models import Notice, NoticePreference, Submission
from monographs.review.notifications.reminders import edition_stage, reminders, submission_stage
from tests.factories import PASSWORD, edit, make_monograph, make_user, publish, sign, submit
from tests.notifications.conftest import Mailbox, plain

pytestmark = pytest.mark.django_db

TOMORROW = "Please sign or return by tomorrow: {}"
TODAY = "Please sign or return today: {}"
OVERDUE = "Overdue, please sign or return: {}"


def remind(on: date, *options: str) -> list[str]:
    """Return the lines printed about reminders on a day."""
    out, err = StringIO(), StringIO()
    call_command("send_review_reminders", *options, on=on, stdout=out, stderr=err)
    assert err.getvalue() == ""
    return [line for line in out.getvalue().splitlines() if "remind" in line]


def test_a_day_that_nobody_means_is_refused(db: None) -> None:
    with pytest.raises(CommandError, match=r"--on: invalid .* value: '9999-12-31'"):
        call_command("send_review_reminders", "--on", "9999-12-31")


@pytest.fixture
def due(mailbox: Mailbox, published_medicine: MonographPage) -> date:
    """Return the day on which the page's next review is due, with an empty mailbox."""
    Notice.objects.update(sent_at=timezone.now())
    return Edition.objects.get().next_due


@pytest.mark.parametrize(
    ("days_left", "stage"),
    [
        *((31, None), (30, 30), (29, 30), (8, 30), (7, 7), (1, 7), (0, 0)),
        *((-1, 0), (-29, 0), (-30, -30), (-59, -30), (-60, -60), (-365, -360)),
    ],
)
def test_an_edition_has_a_stage_by_the_days_left(days_left: int, stage: int | None) -> None:
    assert edition_stage(days_left) == stage


@pytest.mark.parametrize(
    ("days_left", "stage"),
    [(2, None), (1, 1), (0, 0), (-1, -1), (-7, -1), (-8, -8), (-14, -8), (-15, -15)],
)
def test_a_submission_has_a_stage_by_the_days_left(days_left: int, stage: int | None) -> None:
    assert submission_stage(days_left) == stage


@pytest.mark.parametrize(
    ("runs", "told"),
    [
        # daily, around the due date
        ([31, 30, 29, 8, 7, 6, 1, 0, -1], {30: "due in 30 days", 7: "due in 7 days", 0: "due today"}),
        # twice on one day
        ([30, 30, 7, 7, 0, 0], {30: "due in 30 days", 7: "due in 7 days", 0: "due today"}),
        # late: the text is right for the day it is sent
        ([28, 5, -2], {28: "due in 28 days", 5: "due in 5 days", -2: "overdue"}),
        # not run for weeks: only the last stage
        ([30, -3, -4], {30: "due in 30 days", -3: "overdue"}),
        ([3], {3: "due in 3 days"}),
        # overdue: every 30 days
        ([0, -7, -29, -30, -31, -59, -60], {0: "due today", -30: "overdue", -60: "overdue"}),
        ([-200, -201], {-200: "overdue"}),
    ],
)
def test_when_reminders_of_an_edition_are_sent(
    mailbox: Mailbox, due: date, runs: list[int], told: dict[int, str]
) -> None:
    for days_left in runs:
        remind(due - timedelta(days=days_left))
        expected = [f"Review {told[days_left]}: testumab"] if days_left in told else []
        assert mailbox.subjects("writer") == expected, f"{days_left} days left"
        told.pop(days_left, None)
    assert told == {}


def test_submitter_contributors_and_editors_are_reminded_of_an_edition(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any, editor: Any
) -> None:
    edit(page, make_user("writer2", "Medical writers"), how_it_works="Another hand.")
    publish(page, writer, reviewer)
    Notice.objects.update(sent_at=timezone.now())
    day = Edition.objects.get().next_due
    subject = "Review due today: testumab"
    assert set(remind(day)) == {f"remind {name}: {subject}" for name in ("editor", "writer", "writer2")}
    assert mailbox.subjects() == [("editor", subject), ("writer", subject), ("writer2", subject)]


def test_a_dry_run_prints_reminders_and_sends_none(mailbox: Mailbox, due: date) -> None:
    for _ in range(2):
        assert remind(due, "--dry-run") == ["would remind writer: Review due today: testumab"]
    assert mailbox.subjects() == []
    assert remind(due) == ["remind writer: Review due today: testumab"]
    assert remind(due, "--dry-run") == []


def test_editions_due_on_one_day_are_one_email(
    mailbox: Mailbox, due: date, writer: Any, reviewer: Any
) -> None:
    publish(make_monograph("otherumab", by=writer), writer, reviewer)
    Notice.objects.update(sent_at=timezone.now())
    assert len(remind(due)) == 2
    email = mailbox.one("writer")
    assert email["Subject"] == "2 reviews are due"
    # Nobody has to submit a text in which nothing has to change
    assert "a reviewer signs that, without a submission" in plain(email)
    assert "“otherumab”" in plain(email)
    assert "“testumab”" in plain(email)


def test_a_correction_keeps_the_due_date_and_repeats_no_reminder(
    mailbox: Mailbox, published_medicine: MonographPage, due: date, writer: Any, reviewer: Any
) -> None:
    assert len(remind(due)) == 1
    page = edit(published_medicine, writer, how_it_works="About: how_it_works.")
    publish(page, writer, reviewer, kind=ReviewKind.CORRECTION)
    assert Edition.objects.count() == 2
    assert remind(due) == []


def test_a_page_in_review_or_withdrawn_needs_no_reminder(
    published_medicine: MonographPage, due: date, writer: Any, reviewer: Any
) -> None:
    page = edit(published_medicine, writer, how_it_works="New.")
    submit(page, writer)
    assert remind(due, "--dry-run") == []
    sign(Submission.objects.latest("pk"), reviewer)
    Withdraw(
        reviewer, page.translation_key, cause=WithdrawalReason.MISTAKE, note="Wrong.", password=PASSWORD
    ).execute()
    assert remind(due + timedelta(days=1000), "--dry-run") == []


@pytest.mark.parametrize(
    ("runs", "told"),
    [
        ([2, 1, 0, -1, -2, -7, -8], {1: TOMORROW, 0: TODAY, -1: OVERDUE, -8: OVERDUE}),
        ([1, 1, 0, 0], {1: TOMORROW, 0: TODAY}),
        ([-3, -4], {-3: OVERDUE}),
    ],
)
def test_when_reminders_of_a_submission_are_sent(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any, runs: list[int], told: dict[int, str]
) -> None:
    due_on = timezone.now().date() + timedelta(days=3)
    submit(page, writer, due_on=due_on)
    Notice.objects.update(sent_at=timezone.now())
    for days_left in runs:
        remind(due_on - timedelta(days=days_left))
        expected = [words.format("testumab")] if (words := told.pop(days_left, "")) else []
        assert mailbox.subjects("reviewer") == expected, f"{days_left} days left"
    assert told == {}


def test_named_reviewers_are_reminded_of_a_submission_and_editors_once_it_is_overdue(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any, reviewer2: Any, editor: Any
) -> None:
    due_on = timezone.now().date()
    submit(page, writer, reviewers=[reviewer2], due_on=due_on)
    assert remind(due_on) == ["remind reviewer2: Please sign or return today: testumab"]
    assert sorted(remind(due_on + timedelta(days=1))) == [
        "remind editor: Overdue, please sign or return: testumab",
        "remind reviewer2: Overdue, please sign or return: testumab",
    ]


def test_a_signed_submission_is_no_longer_due(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    due_on = timezone.now().date()
    sign(submit(page, writer, due_on=due_on), reviewer)
    assert remind(due_on + timedelta(days=1)) == []


def test_a_reminder_waits_for_the_digest_of_those_who_want_one(
    mailbox: Mailbox, due: date, writer: Any
) -> None:
    NoticePreference.objects.create(user=writer, digest=True)
    assert len(remind(due)) == 1
    assert mailbox.subjects() == []
    call_command("send_digests", stdout=StringIO())
    assert mailbox.subjects() == [("writer", "Your reviews today: 1 notice")]


def test_the_number_of_queries_does_not_depend_on_the_number_of_due_editions(
    due: date, writer: Any, reviewer: Any, django_assert_num_queries: Any
) -> None:
    # Submissions, label changes, sources, editions, sent, submitters, owners, editors, asked, recipients
    queries = 10
    with django_assert_num_queries(queries):
        assert len(reminders(due)) == 1
    for n in range(4):
        publish(make_monograph(f"more{n}umab", by=writer), writer, reviewer)
    with django_assert_num_queries(queries):
        assert len(reminders(due)) == 5

"""The daily digest, and the emails that are sent at once in any case."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from monographs.models import MonographPage
from monographs.review.actions import Recall, Return
from monographs.review.models import Notice, NoticePreference
from monographs.review.notifications.digest import deliver_waiting, send_digests
from tests.factories import make_monograph, make_user, sign, submit
from tests.notifications.conftest import Mailbox, html, plain

pytestmark = pytest.mark.django_db

TOMORROW = timedelta(days=1)


@pytest.fixture(autouse=True)
def reviewer_wants_one_email_a_day(reviewer: Any) -> None:
    NoticePreference.objects.create(user=reviewer, digest=True)


def test_unsent_notices_are_collected_into_one_email(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    submit(page, writer, reason="First reason.")
    submit(make_monograph("otherumab", by=writer), writer, reason="Second reason.")
    deliver_waiting()
    assert {name for name, _ in mailbox.subjects()} == {"reviewer2"}
    send_digests()
    email = mailbox.one("reviewer")
    assert email["Subject"] == "Your reviews today: 2 notices"
    for form in (plain(email), html(email)):
        for name, reason in (("testumab", "First reason."), ("otherumab", "Second reason.")):
            assert f"Please review: {name}" in form
            assert reason in form
        assert "you asked for one email a day" in form
    assert html(email).count("<h2>") == 2
    assert not Notice.objects.filter(sent_at=None).exists()


def test_nobody_gets_two_digests_on_one_day_however_often_the_command_runs(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    submit(page, writer)
    for _ in range(2):
        call_command("send_digests", stdout=StringIO())
    assert mailbox.subjects() == [("reviewer", "Your reviews today: 1 notice")]
    submit(make_monograph("otherumab", by=writer), writer)
    send_digests()
    assert mailbox.subjects() == [], "the next one is tomorrow's"
    send_digests(timezone.now() + TOMORROW)
    assert "otherumab" in plain(mailbox.one("reviewer"))


def test_without_notices_there_is_no_email(mailbox: Mailbox, reviewer: Any) -> None:
    send_digests()
    assert mailbox.subjects() == []


def test_a_request_for_a_review_that_has_ended_is_listed_as_no_longer_needed(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    gone = submit(page, writer)
    submit(make_monograph("otherumab", by=writer), writer)
    Recall(writer, gone).execute()
    send_digests()
    email = mailbox.one("reviewer")
    assert email["Subject"] == "Your reviews today: 1 notice"
    assert "No longer needed:\n  - Please review: testumab" in plain(email)


def test_a_digest_of_ended_reviews_only_is_not_sent(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    Recall(writer, submit(page, writer)).execute()
    send_digests()
    assert mailbox.subjects() == []
    assert not Notice.objects.filter(sent_at=None).exists()


def test_urgent_emails_are_sent_at_once(
    mailbox: Mailbox, two_signatures: None, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    NoticePreference.objects.create(user=writer, digest=True)
    submission = submit(page, writer)
    sign(submission, reviewer)
    Return(make_user("reviewer2", "Medical reviewers"), submission, reason="The dose.").execute()
    deliver_waiting()
    email = mailbox.one("reviewer")
    assert "It is sent at once, even if you chose one email a day." in plain(email)
    told = [(name, subject) for name, subject in mailbox.subjects() if name != "reviewer2"]
    assert told == [
        ("reviewer", "Your signature no longer counts: testumab"),
        ("writer", "Returned, please fix: testumab"),
    ]


def test_a_digest_that_failed_is_sent_by_the_next_run(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    mailbox.refusing = {"reviewer@example.org"}
    submit(page, writer)
    send_digests()
    mailbox.refusing = set()
    call_command("send_notices", stdout=StringIO())
    assert mailbox.subjects() == [("reviewer", "Your reviews today: 1 notice")]


def test_notices_are_sent_separately_once_the_digest_is_switched_off(
    mailbox: Mailbox, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    submit(page, writer)
    deliver_waiting()
    assert mailbox.subjects() == []
    NoticePreference.objects.update(digest=False)
    deliver_waiting()
    assert mailbox.subjects() == [("reviewer", "Please review: testumab")]


def test_the_digest_is_a_setting_of_the_account(client: Client, writer: Any) -> None:
    client.force_login(writer)
    screen = client.get("/admin/account/").content.decode()
    assert "Email about reviews" in screen
    assert "a signature of yours that became void" in screen
    assert "approved_notifications" not in screen, "Wagtail’s switches for emails that are not sent"
    form = {
        "name_email-first_name": "Writer",
        "name_email-last_name": "Tester",
        "name_email-email": "writer@example.org",
        "theme-theme": "system",
        "theme-density": "default",
        "theme-contrast": "system",
        "theme-keyboard_shortcuts": "on",
    }
    for chosen in (True, False):
        answer = client.post("/admin/account/", form | ({"reviews-digest": "on"} if chosen else {}))
        assert answer.status_code == 302
        assert NoticePreference.objects.get(user=writer).digest is chosen

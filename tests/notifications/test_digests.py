"""One mail a day for those who want it; what cannot wait comes at once."""

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
from tests.notifications.conftest import Post, html, plain

pytestmark = pytest.mark.django_db

TOMORROW = timedelta(days=1)


@pytest.fixture(autouse=True)
def reviewer_wants_one_mail_a_day(reviewer: Any) -> None:
    NoticePreference.objects.create(user=reviewer, digest=True)


def test_what_waits_is_gathered_into_one_mail(
    post: Post, page: MonographPage, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    submit(page, writer, reason="First reason.")
    submit(make_monograph("otherumab", by=writer), writer, reason="Second reason.")
    deliver_waiting()
    assert {name for name, _ in post.told()} == {"reviewer2"}
    send_digests()
    letter = post.one("reviewer")
    assert letter["Subject"] == "Your reviews today: 2 notices"
    for form in (plain(letter), html(letter)):
        for name, reason in (("testumab", "First reason."), ("otherumab", "Second reason.")):
            assert f"Please review: {name}" in form
            assert reason in form
        assert "you asked for one email a day" in form
    assert html(letter).count("<h2>") == 2
    assert not Notice.objects.filter(sent_at=None).exists()


def test_the_command_may_run_again_and_nobody_gets_two_digests_on_one_day(
    post: Post, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    submit(page, writer)
    for _ in range(2):
        call_command("send_digests", stdout=StringIO())
    assert post.told() == [("reviewer", "Your reviews today: 1 notice")]
    submit(make_monograph("otherumab", by=writer), writer)
    send_digests()
    assert post.told() == [], "the next one is tomorrow's"
    send_digests(timezone.now() + TOMORROW)
    assert "otherumab" in plain(post.one("reviewer"))


def test_nothing_waits_no_mail(post: Post, reviewer: Any) -> None:
    send_digests()
    assert post.told() == []


def test_a_review_that_has_ended_asks_for_nothing(
    post: Post, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    gone = submit(page, writer)
    submit(make_monograph("otherumab", by=writer), writer)
    Recall(writer, gone).execute()
    send_digests()
    letter = post.one("reviewer")
    assert letter["Subject"] == "Your reviews today: 1 notice"
    assert "No longer needed:\n  - Please review: testumab" in plain(letter)


def test_when_all_of_it_has_ended_there_is_no_mail(
    post: Post, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    Recall(writer, submit(page, writer)).execute()
    send_digests()
    assert post.told() == []
    assert not Notice.objects.filter(sent_at=None).exists()


def test_what_cannot_wait_comes_at_once(
    post: Post, two_signatures: None, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    NoticePreference.objects.create(user=writer, digest=True)
    submission = submit(page, writer)
    sign(submission, reviewer)
    Return(make_user("reviewer2", "Medical reviewers"), submission, reason="The dose.").execute()
    deliver_waiting()
    letter = post.one("reviewer")
    assert "It is sent at once, even if you chose one email a day." in plain(letter)
    told = [(name, subject) for name, subject in post.told() if name != "reviewer2"]
    assert told == [
        ("reviewer", "Your signature no longer counts: testumab"),
        ("writer", "Returned, please fix: testumab"),
    ]


def test_a_digest_that_could_not_be_sent_goes_out_with_the_next_run(
    post: Post, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    post.refusing = {"reviewer@example.org"}
    submit(page, writer)
    send_digests()
    post.refusing = set()
    call_command("send_notices", stdout=StringIO())
    assert post.told() == [("reviewer", "Your reviews today: 1 notice")]


def test_who_no_longer_wants_a_digest_gets_what_waited(
    post: Post, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    submit(page, writer)
    deliver_waiting()
    assert post.told() == []
    NoticePreference.objects.update(digest=False)
    deliver_waiting()
    assert post.told() == [("reviewer", "Please review: testumab")]


def test_everybody_chooses_on_their_account_screen(client: Client, writer: Any) -> None:
    client.force_login(writer)
    screen = client.get("/admin/account/").content.decode()
    assert "Email about reviews" in screen
    assert "a signature of yours that no longer counts" in screen
    assert "approved_notifications" not in screen, "Wagtail’s switches for mails that are not sent"
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

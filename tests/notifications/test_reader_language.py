"""Emails are in the language of their reader, whatever language the person has who causes them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone, translation
from wagtail.users.models import UserProfile

from monographs.accounts.account_emails import send_fact_email, send_link_email, send_lockout_email
from monographs.accounts.reader_language import ReaderLanguage
from monographs.review.models import Notice, Submission
from monographs.review.notifications import about_reviews
from monographs.review.notifications.delivery import email_for
from monographs.review.notifications.events import NoticeEvent
from monographs.review.notifications.messages import compose
from tests.factories import make_monograph, make_user, submit

pytestmark = pytest.mark.django_db
MARCH = datetime(2026, 3, 1, 9, tzinfo=UTC)


def speaks(user: Any, language: str, zone: str = "") -> None:
    UserProfile.objects.update_or_create(
        user=user, defaults={"preferred_language": language, "current_time_zone": zone}
    )


@pytest.fixture
def readers(site: Any) -> dict[str, Any]:
    """A reviewer who chose German, one who chose French, and one who chose nothing."""
    people = {name: make_user(name, "Medical reviewers") for name in ("german", "french", "nobody")}
    speaks(people["german"], "de")
    speaks(people["french"], "fr")
    return people


@pytest.mark.parametrize("actor", ["en", "de", "fr", "es"])
def test_a_message_is_composed_for_each_reader(readers, actor):
    with translation.override(actor):
        messages = compose(
            NoticeEvent.SUBMISSION_DUE,
            "about",
            readers.values(),
            title="testumab",
            submission=Submission(title="testumab", due_on=MARCH.date(), submitted_at=MARCH, reason="x"),
            days_left=1,
            days_late=-1,
            url="/",
        )
        assert translation.get_language() == actor
    months = {user.username: message.text + message.html for message in messages for user in message.to}
    assert "M\u00e4rz" in months["german"]
    assert "mars" in months["french"]
    assert "March" in months["nobody"]
    assert not any(month in months["nobody"] for month in ("M\u00e4rz", "mars", "marzo"))


@pytest.mark.parametrize("actor", ["en", "de", "es"])
def test_a_submission_is_told_in_each_reviewers_language(readers, writer, actor):
    page = make_monograph("testumab", by=writer)
    speaks(writer, actor)
    with translation.override(actor):
        submission = submit(page, writer, due_on=None)
    Submission.objects.filter(pk=submission.pk).update(due_on=MARCH.date())
    Notice.objects.all().delete()
    with translation.override(actor):
        about_reviews.submitted(Submission.objects.get(pk=submission.pk))
    subjects = {notice.user.username: notice.subject for notice in Notice.objects.select_related("user")}
    assert "March" in subjects["nobody"]
    assert "M\u00e4rz" in subjects["german"]
    assert "mars" in subjects["french"]


def test_the_frame_of_an_email_is_rendered_for_its_reader(readers, monkeypatch):
    notice = Notice(
        event=NoticeEvent.ASKED, about="a", user=readers["german"], subject="s", text="t", html="h"
    )
    notice.pk = 1
    seen: list[str | None] = []
    from monographs.review.notifications import delivery  # noqa: PLC0415

    real = delivery.render_to_string

    def render(*args: Any, **kwargs: Any) -> str:
        seen.append(translation.get_language())
        return real(*args, **kwargs)

    monkeypatch.setattr(delivery, "render_to_string", render)
    with translation.override("es"):
        email_for(notice)
    assert seen == ["de", "de"]


@pytest.mark.parametrize("actor", ["en", "es"])
def test_emails_about_accounts_are_in_the_owners_language(
    readers, actor, django_capture_on_commit_callbacks, monkeypatch
):
    monkeypatch.setattr("monographs.accounts.account_emails.database_now", lambda: MARCH)
    with translation.override(actor), django_capture_on_commit_callbacks(execute=True):
        send_fact_email(readers["german"], "old@example.org", ["password"], "Somebody")
        send_lockout_email(readers["french"], MARCH)
        send_link_email(readers["german"], "/x/", invited=True)
    texts = {email.to[0]: email.body for email in mail.outbox}
    assert "M\u00e4rz" in texts["old@example.org"]
    assert "mars" in texts["french@example.org"]


def test_the_readers_time_zone_is_active_too(readers):
    speaks(readers["german"], "de", "Europe/Berlin")
    readers["german"].refresh_from_db()
    with ReaderLanguage.of(readers["german"]).active():
        assert timezone.get_current_timezone_name() == "Europe/Berlin"
    assert ReaderLanguage.of(None) == ReaderLanguage("en", "UTC")
    assert ReaderLanguage.of_address("GERMAN@example.org").language == "de"
    assert ReaderLanguage.of_address("unknown@example.org").language == "en"

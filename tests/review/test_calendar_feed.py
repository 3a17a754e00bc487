"""The calendar feed: its text by RFC 5545, what is in it for whom, and the secret of its address."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from monographs.accounts import calendar_keys
from monographs.accounts.models import CalendarFeed
from monographs.core.db_clock import database_today
from monographs.editions.models import Edition
from monographs.review.calendar_feed.feed_events import feed_events
from monographs.review.calendar_feed.icalendar_text import DayEvent, calendar_text, folded
from monographs.review.models import ReviewerProfile, Submission
from tests.conftest import as_user
from tests.factories import make_monograph, make_user, submit

NOW = datetime(2026, 3, 1, 10, 30, tzinfo=UTC)
#: Any text that a title may have, with the characters that mean something here more often than by chance.
TITLES = st.text(st.one_of(st.sampled_from('\\;,\n\r:" é€😀\t'), st.characters(codec="utf-8")), max_size=200)


def read(text: str) -> list[tuple[str, str]]:
    """Unfold, split and unescape content lines as RFC 5545 tells a program to."""
    assert text.endswith("\r\n")
    lines = re.sub(r"\r\n[ \t]", "", text).removesuffix("\r\n").split("\r\n")
    pairs = [line.split(":", 1) for line in lines]
    unescape = {"\\n": "\n", "\\N": "\n"}
    return [
        (name, re.sub(r"\\(.)", lambda found: unescape.get(found[0], found[1]), value))
        for name, value in pairs
    ]


@given(TITLES)
def test_a_program_reads_the_title_that_was_written(title: str) -> None:
    event = DayEvent("x@y", date(2026, 12, 31), title, "https://example.org/admin/review/1/")
    text = calendar_text("Reviews, all; of them", [event], NOW)
    for line in text.removesuffix("\r\n").split("\r\n"):
        assert len(line.encode()) <= 75
        assert not re.search(r"[\x00-\x08\x0a-\x1f\x7f]", line)
    found = dict(read(text))
    one_break = title.replace("\r\n", "\n").replace("\r", "\n")
    assert found["SUMMARY"] == re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", one_break)
    assert (found["DTSTART;VALUE=DATE"], found["DTEND;VALUE=DATE"]) == ("20261231", "20270101")
    assert found["DTSTAMP"] == "20260301T103000Z"


def test_a_character_is_never_split() -> None:
    parts = list(folded("SUMMARY:" + "😀" * 40))
    assert "".join(part.removeprefix(" ") for part in parts) == "SUMMARY:" + "😀" * 40
    assert max(len(part.encode()) for part in parts) <= 75


def new_address(user: Any) -> str:
    page = as_user(user).post(reverse("calendar_feed")).content.decode()
    found = re.search(r'id="address">https?://[^/]+([^<]+)<', page)
    assert found
    return found[1]


def titles(address: str) -> list[str]:
    response = Client().get(address)
    assert response.status_code == 200
    return [value for name, value in read(response.content.decode()) if name == "SUMMARY"]


@pytest.mark.django_db
def test_the_address_shows_due_dates_to_a_program_that_does_not_sign_in(
    published_medicine: Any, writer: Any, reviewer: Any, reviewer2: Any, editor: Any
) -> None:
    today = database_today()
    due = submit(make_monograph("dueumab", by=writer), writer)
    Submission.objects.filter(pk=due.pk).update(due_on=today + timedelta(days=3))
    ReviewerProfile.objects.filter(user=reviewer2).update(expires_on=today + timedelta(days=9))
    address = new_address(editor)
    assert Edition.objects.get().next_due <= today + timedelta(days=400)
    found = titles(address)
    assert found[0] == "To be signed: dueumab"
    assert found[1].startswith("Credentials of Reviewer2 Tester end")
    assert found[2] == "Review due: testumab"
    response = Client().get(address)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert not response.cookies
    assert [event.title for event in feed_events(reviewer)] == [found[0], found[2]], "not others’ credentials"
    key = address.partition("key=")[2]
    feed = CalendarFeed.objects.get()
    assert key not in (feed.key_sha256, str(feed.__dict__))
    assert key not in as_user(editor).get(reverse("calendar_feed")).content.decode(), "shown once"


@pytest.mark.django_db
def test_the_day_moves_and_the_event_stays_the_same(writer: Any, reviewer: Any) -> None:
    text = submit(make_monograph(by=writer), writer)
    uids = set()
    for days in (3, 5):
        Submission.objects.filter(pk=text.pk).update(due_on=database_today() + timedelta(days=days))
        (event,) = feed_events(writer)
        uids.add(event.uid)
    assert len(uids) == 1


@pytest.mark.django_db
def test_an_address_shows_nothing_that_its_owner_may_not_see_any_more(writer: Any) -> None:
    text = submit(make_monograph("secretumab", by=writer), writer)
    Submission.objects.filter(pk=text.pk).update(due_on=database_today())
    address = new_address(writer)
    assert titles(address) == ["To be signed: secretumab"]
    writer.groups.clear()
    assert Client().get(address).status_code == 404, "no longer in the admin"
    outsider = make_user("outsider", superuser=False)
    assert as_user(outsider).get(reverse("calendar_feed")).status_code == 302


def _renew(user: Any) -> None:
    new_address(user)


def _revoke(user: Any) -> None:
    as_user(user).post(reverse("calendar_feed"), {"revoke": "yes"})


def _new_password(user: Any) -> None:
    user.set_password("another horse, another battery")
    user.save()


def _deactivate(user: Any) -> None:
    user.is_active = False
    user.save()


@pytest.mark.django_db
@pytest.mark.parametrize("end", [_renew, _revoke, _new_password, _deactivate])
def test_an_address_ends(end: Any, writer: Any) -> None:
    address = new_address(writer)
    assert Client().get(address).status_code == 200
    end(writer)
    response = Client().get(address)
    assert response.status_code == 404
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "?key=", "?key=%00", "?key=" + "a" * 43, "?key=ä"])
def test_a_wrong_key_reads_nothing(query: str, writer: Any) -> None:
    new_address(writer)
    assert Client().get(reverse("calendar_feed_file") + query).status_code == 404
    assert CalendarFeed.objects.get().reads == 0


@pytest.mark.django_db
def test_a_feed_that_is_read_too_often_has_to_wait(writer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_keys, "MOST_READS", 2)
    monkeypatch.setattr(calendar_keys, "READS_WITHIN", timedelta(days=1))
    address = new_address(writer)
    assert [Client().get(address).status_code for _ in range(3)] == [200, 200, 429]
    feed = CalendarFeed.objects.all()
    feed.update(counted_from=feed.get().counted_from - timedelta(days=2))
    assert Client().get(address).status_code == 200

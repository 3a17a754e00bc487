"""Notices in the admin: as by email, counted while unread, and read by opening what they are about."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monographs.review.models import Notice
from monographs.review.notice_list import unread_notices
from tests.factories import make_monograph, make_user, submit

pytestmark = pytest.mark.django_db
LIST = "/admin/notices/"


def count_shown(client: Client, address: str = "/admin/account/") -> str:
    """Return the number in the menu of a screen; empty for none."""
    found = re.search(r"Notices: (\S+) unread", client.get(address).content.decode())
    return found[1] if found else ""


@pytest.fixture
def asked(writer: Any, reviewer: Any, client: Client) -> Any:
    """A submission that the signed-in reviewer is asked to sign."""
    submission = submit(make_monograph(by=writer), writer)
    client.force_login(reviewer)
    return submission


def test_a_notice_is_counted_until_what_it_is_about_is_opened(
    asked: Any, reviewer: Any, client: Client
) -> None:
    notice = Notice.objects.get(user=reviewer)
    assert notice.path == f"/admin/review/{asked.pk}/"
    assert count_shown(client) == "1"
    shown = client.get(LIST).content.decode()
    assert notice.subject in shown
    assert count_shown(client, LIST) == "1", "the list alone reads nothing"
    assert count_shown(client, notice.path) == ""
    notice.refresh_from_db()
    assert notice.read_at is not None
    assert count_shown(client) == ""
    assert "You have read every notice." in client.get(f"{LIST}?show=unread").content.decode()


def test_opening_from_the_list_and_marking_all(
    asked: Any, reviewer: Any, writer: Any, client: Client
) -> None:
    submit(make_monograph("second", by=writer), writer)
    first, second = Notice.objects.filter(user=reviewer).order_by("pk")
    opened = client.post(LIST, {"notice": first.pk})
    assert (opened.status_code, opened["Location"]) == (302, first.path)
    assert list(Notice.objects.filter(user=reviewer, read_at=None)) == [second]
    done = client.post(LIST, follow=True)
    assert "1 notice marked as read." in done.content.decode()
    assert not Notice.objects.filter(user=reviewer, read_at=None).exists()


def test_nobody_reads_or_marks_notices_of_others(asked: Any, reviewer: Any, client: Client) -> None:
    client.force_login(make_user("other", "Medical reviewers"))
    notice = Notice.objects.get(user=reviewer)
    client.post(LIST)
    answer = client.post(LIST, {"notice": notice.pk}, follow=True)
    assert "There is no such notice of yours." in answer.content.decode()
    client.get(notice.path)
    notice.refresh_from_db()
    assert notice.read_at is None
    assert notice.subject not in client.get(LIST).content.decode()


@pytest.mark.parametrize("value", ["0", "-1", "x", "9" * 40, "1;DROP"])
def test_a_notice_that_is_none_is_no_error(asked: Any, client: Client, value: str) -> None:
    assert client.post(LIST, {"notice": value}).status_code == 302


def test_many_are_counted_up_to_a_limit(
    asked: Any, reviewer: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert unread_notices.MOST_COUNTED == 100
    monkeypatch.setattr(unread_notices, "MOST_COUNTED", 2)
    Notice.objects.create(event="published", about="x", user=reviewer, subject="x", text="x")
    assert count_shown(client) == "1+"


def test_it_costs_one_query_on_each_screen(asked: Any, client: Client) -> None:
    address = reverse("wagtailadmin_account")
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        client.get(address)
    assert sum('"review_notice"' in query["sql"] for query in seen) == 1


def test_only_who_works_here_has_a_list(client: Client, site: Any) -> None:
    assert client.get(LIST).status_code == 302
    client.force_login(make_user("nobody"))
    assert client.get(LIST).status_code == 302

"""The status page: for superusers, with what is wrong and what to do, in a fixed number of queries."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monographs.core.db_clock import database_now
from monographs.review.models import Notice
from monographs.scheduler.job import running_jobs
from tests.conftest import as_user
from tests.site_checks.test_operation import lost_purge, state, stuck_email

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/status/"


@pytest.mark.parametrize("role", ["writer", "reviewer", "editor"])
def test_only_superusers_see_it(role: str, request: pytest.FixtureRequest) -> None:
    client = as_user(request.getfixturevalue(role))
    assert client.get(ADDRESS).status_code == 302
    assert "Site status" not in client.get("/admin/").content.decode()


def test_nobody_sees_it_without_signing_in(client: Any, site: Any) -> None:
    assert client.get(ADDRESS).headers["Location"].startswith("/admin/login/")


def test_it_says_what_is_wrong_and_what_to_do(superuser: Any, writer: Any, settings: Any) -> None:
    stuck_email(writer)
    lost_purge(settings)
    state("forget_feedback", consecutive_failures=5, last_error="the <disk> is full")
    page = as_user(superuser).get(ADDRESS).content.decode()
    for words in (
        "1 emails about reviews wait",
        "`manage.py doctor` asks the mail server",
        "The cache http://10.0.0.5:6081 does not accept purges",
        "Failed 5 times:</strong> the &lt;disk&gt; is full",
        "Emails are not sent",
        "not yet run",
        "check_links (SCHEDULE says “off”)",
    ):
        assert words in page, words
    assert "Everything is in order" not in page


def test_all_green_is_said(superuser: Any, settings: Any, tmp_path: Any, site: Any, monkeypatch: Any) -> None:
    settings.LEDGER_HEADS_FOLDER, settings.REQUIRE_RESTRICTED_ROLE = str(tmp_path), False
    monkeypatch.setattr("monographs.site_checks.status_page.quick_results", list)
    for name in running_jobs():
        state(name)
    assert "Everything is in order." in as_user(superuser).get(ADDRESS).content.decode()


def test_the_number_of_queries_is_fixed(superuser: Any, writer: Any, settings: Any) -> None:
    settings.CACHE_PURGE_URLS = ["http://10.0.0.5:6081", "http://10.0.0.6:6081"]
    stuck_email(writer)
    client = as_user(superuser)
    few = queries_of(client)
    for name in running_jobs():
        state(name, consecutive_failures=4, last_error="x", next_due=database_now())
    lost_purge(settings)
    Notice.objects.create(event="returned", about="another", user=writer, subject="S", text="T")
    assert queries_of(client) == few <= 40


def queries_of(client: Any) -> int:
    client.get(ADDRESS)
    with CaptureQueriesContext(connection) as queries:
        client.get(ADDRESS)
    return len(queries)


def test_other_servers_are_asked_only_on_request(superuser: Any, settings: Any) -> None:
    settings.EMAIL_TRANSPORT, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    settings.EMAIL_PORT = 1  # nothing listens there
    client = as_user(superuser)
    assert "cannot be used" not in client.get(ADDRESS).content.decode()
    assert "The mail server 127.0.0.1:1 cannot be used" in client.get(f"{ADDRESS}?servers=1").content.decode()

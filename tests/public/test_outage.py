"""What readers get while the database is away. ``tests/deployment/test_container.py`` stops a real one."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from psycopg.errors import QueryCanceled

from cms.log_lines import DatabaseErrorFilter
from cms.web_database import limited
from monographs.public import database_state, db
from monographs.public.database_state import database
from tests.public.published import monograph, publish, withdraw

PATH = "/medicines/testumab/"


class Outage:
    """A database that does not answer while ``begin`` is in effect; counts how often it was asked."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.patch = patch
        self.asked = 0

    def begin(self, cause: Exception | None = None) -> None:
        def fail(*args: Any) -> None:
            self.asked += 1
            raise OperationalError("the connection is lost") from cause

        self.patch.setattr(db, "_cursor", fail)

    def end(self) -> None:
        self.patch.undo()
        database.answered()


@pytest.fixture
def outage() -> Iterator[Outage]:
    with pytest.MonkeyPatch.context() as patch:
        yield Outage(patch)
    database.answered()


@pytest.mark.parametrize("encoding", ["", "gzip", "br"])
def test_a_page_that_was_just_read_is_shown_again_and_says_so(
    client: Client, outage: Outage, encoding: str, settings: Any
) -> None:
    publish(monograph())
    before = client.get(PATH)
    outage.begin()
    again = client.get(PATH, headers={"Accept-Encoding": encoding})
    assert again.status_code == 200
    assert again["Warning"] == '110 - "Response is Stale"'
    assert 0 <= int(again["Age"]) < settings.PUBLIC_STALE_SECONDS
    assert again["Cache-Control"] == "no-store"
    assert again["X-Edition"] == before["X-Edition"]
    assert again["Content-Security-Policy"] == before["Content-Security-Policy"]
    assert again["ETag"].removeprefix("W/") == before["ETag"]
    assert again.get("Content-Encoding", "") == encoding
    assert encoding or again.content == before.content
    assert client.get(PATH, headers={"If-None-Match": before["ETag"]}).status_code == 304
    outage.end()
    assert "Warning" not in client.get(PATH).headers


def test_nothing_is_shown_again_after_its_bound(client: Client, outage: Outage, settings: Any) -> None:
    publish(monograph())
    client.get(PATH)
    settings.PUBLIC_STALE_SECONDS = 0
    outage.begin()
    assert client.get(PATH).status_code == 503


def test_a_page_seen_to_be_withdrawn_is_never_shown_again(client: Client, outage: Outage) -> None:
    edition = publish(monograph())
    client.get(PATH)
    withdraw(edition)
    assert client.get(PATH).status_code == 410
    outage.begin()
    assert client.get(PATH).status_code == 503


def test_search_engines_may_still_come(client: Client, outage: Outage, settings: Any) -> None:
    """With 503 for robots.txt they would leave out the whole site."""
    before = client.get("/robots.txt").content
    settings.PUBLIC_STALE_SECONDS = 0
    outage.begin()
    assert client.get(PATH).status_code == 503
    response = client.get("/robots.txt")
    assert (response.status_code, response.content) == (200, before)


@pytest.mark.parametrize("path", [PATH, "/", "/search/?q=a", "/api/v1/monographs/testumab"])
def test_otherwise_there_is_a_calm_page_that_says_when_to_try_again(
    client: Client, outage: Outage, path: str
) -> None:
    outage.begin()
    response = client.get(path)
    assert response.status_code == 503
    assert response["Retry-After"] == "10"
    assert response["Cache-Control"] == "no-store"
    expected = "application/problem+json" if path.startswith("/api") else "text/html; charset=utf-8"
    assert response["Content-Type"] == expected
    assert client.get("/healthz").status_code == 200


def test_a_database_that_is_away_is_asked_by_one_request_a_second(
    client: Client, outage: Outage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_state, "PAUSE", 3600.0)  # however long twenty requests take
    outage.begin()
    for _ in range(20):
        assert client.get(PATH).status_code == 503
    assert outage.asked == 1
    monkeypatch.setattr(database_state, "PAUSE", 0.0)
    database.failed(OperationalError("again"))
    client.get(PATH)
    assert outage.asked == 2


def test_a_read_that_took_too_long_does_not_stop_the_others(client: Client, outage: Outage) -> None:
    outage.begin(QueryCanceled("statement timeout"))
    assert [client.get(PATH).status_code for _ in range(2)] == [503, 503]
    assert outage.asked == 2


def test_a_server_error_handler_answers_503_for_the_admin(client: Client, monkeypatch: Any) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("the connection is lost")

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", fail)
    client.raise_request_exception = False
    client.cookies["sessionid"] = "x" * 32
    response = client.get("/admin/")
    assert (response.status_code, response["Retry-After"]) == (503, "10")


def test_an_outage_is_one_entry_in_the_log_without_a_traceback() -> None:
    outages = DatabaseErrorFilter(seconds=100)

    def record(error: Exception) -> logging.LogRecord:
        return logging.LogRecord("a", logging.ERROR, "", 1, "it failed", None, (type(error), error, None))

    first = record(OperationalError("no route\n"))
    assert outages.filter(first)
    assert (first.getMessage(), first.exc_info) == ("it failed: no route", None)
    assert not any(outages.filter(record(OperationalError("no route"))) for _ in range(5))
    outages.seconds = 0
    later = record(OperationalError("no route"))
    assert outages.filter(later)
    assert later.getMessage() == "it failed: no route (5 more of these since the last entry)"
    fault = record(RuntimeError("a fault of ours"))
    assert outages.filter(fault)
    assert fault.exc_info


def test_connections_of_web_processes_have_limits(settings: Any) -> None:
    settings.DATABASE_STATEMENT_SECONDS = 1.5
    made = limited({"NAME": "x", "CONN_MAX_AGE": 60, "OPTIONS": {"options": "-c a=b", "sslmode": "require"}})
    assert made["OPTIONS"]["options"].startswith("-c a=b -c statement_timeout=1500 -c lock_timeout=")
    assert (made["OPTIONS"]["connect_timeout"], made["OPTIONS"]["sslmode"]) == (3, "require")
    assert made["CONN_MAX_AGE"] == 60
    settings.DATABASE_SESSION_LIMITS, settings.DATABASE_POOL_SIZE = False, 4
    pooled = limited({"NAME": "x", "CONN_MAX_AGE": 60})
    assert "options" not in pooled["OPTIONS"]
    assert (pooled["OPTIONS"]["pool"]["max_size"], pooled["CONN_MAX_AGE"]) == (4, 0)

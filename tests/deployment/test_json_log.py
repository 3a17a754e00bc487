"""Log entries as JSON: requests with their id, events after their commit, nothing of readers."""

import io
import json
import logging
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from gunicorn.config import Config  # type: ignore[import-untyped]

from cms.gunicorn_conf import OneLineLogger
from cms.log_lines import OneLineFormatter
from cms.request_id import request_id
from monographs.editions.ledger import Event, append_entry
from monographs.editions.person import Person
from tests.factories import make_monograph, publish

WRITER = Person(id=7, username="secret-name", name="Secret Name")


@pytest.fixture(autouse=True)
def as_json(settings: Any) -> None:
    settings.LOG_FORMAT = "json"


def entry(message: str, *args: Any, exception: BaseException | None = None, **extra: Any) -> dict[str, Any]:
    info = (type(exception), exception, exception.__traceback__) if exception else None
    record = logging.LogRecord("x", logging.WARNING, __file__, 1, message, args, info)
    record.__dict__.update(extra)
    line = OneLineFormatter("{message}", style="{").format(record)
    assert len(line.splitlines()) == 1
    found: dict[str, Any] = json.loads(line)
    return found


def test_an_entry_is_one_object_with_the_requests_id() -> None:
    token = request_id.set("0123456789abcdef")
    try:
        found = entry("refused %s", "a\nb\u2028c", fields={"event": "refused"})
    finally:
        request_id.reset(token)
    assert found.pop("time").endswith("+00:00")
    assert found == {
        "level": "WARNING",
        "logger": "x",
        "message": "refused a\nb\u2028c",
        "request_id": "0123456789abcdef",
        "event": "refused",
    }


def test_a_traceback_is_a_field() -> None:
    try:
        raise ValueError("x\ny")
    except ValueError as error:
        found = entry("failed", exception=error)
    assert found["traceback"].startswith("Traceback (most recent call last):")
    assert "request_id" not in found


def test_a_request_is_logged_without_who_asked_or_what_for() -> None:
    config = Config()
    config.set("accesslog", "-")
    logger = OneLineLogger(config)
    out = io.StringIO()
    logger.access_log.handlers[-1].setStream(out)
    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": "/search/?q=secret",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "PATH_INFO": "/search/",
        "QUERY_STRING": "q=secret",
        "REMOTE_ADDR": "203.0.113.9",
        "HTTP_USER_AGENT": "secret",
        "HTTP_REFERER": "secret",
        "HTTP_X_FORWARDED_FOR": "203.0.113.9",
        "HTTP_COOKIE": "secret",
    }
    headers = [("X-Request-ID", "abcdefgh"), ("X-Edition", "testumab/1"), ("Set-Cookie", "secret")]
    answer = SimpleNamespace(status="200 OK", sent=12, headers=headers)
    logger.access(answer, SimpleNamespace(headers=[]), environ, timedelta(milliseconds=12))
    found = json.loads(out.getvalue())
    assert found.pop("time")
    assert found == {
        "event": "request",
        "level": "INFO",
        "logger": "gunicorn.access",
        "message": "request",
        "request_id": "abcdefgh",
        "method": "GET",
        "path": "/search/",
        "status": 200,
        "bytes": 12,
        "seconds": 0.012,
        "edition": "testumab/1",
    }


@pytest.mark.parametrize(
    ("given", "proxies", "kept"),
    [
        ("proxy-made-id-1", 1, True),
        ("proxy-made-id-1", 0, False),
        ("short", 1, False),
        ("x" * 65, 1, False),
        ("with space and more", 1, False),
        ("line\nend-line-end", 1, False),
    ],
)
def test_the_id_of_a_request_is_the_trusted_proxys_or_a_new_one(
    given: str, proxies: int, kept: bool, client: Any, settings: Any
) -> None:
    settings.TRUSTED_PROXIES = proxies
    answers = [client.get("/healthz", headers={"X-Request-ID": given}) for _ in range(2)]
    found = [answer.headers["X-Request-ID"] for answer in answers]
    assert (found == [given, given]) is kept
    assert kept or len(set(found)) == 2
    assert request_id.get() == ""


@pytest.mark.django_db
def test_events_of_the_record_are_logged_at_commit_by_number(
    caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Any, writer: Any, reviewer: Any
) -> None:
    caplog.set_level(logging.INFO, "monographs.editions.event_log")
    page = make_monograph(by=writer)
    with django_capture_on_commit_callbacks(execute=True):
        publish(page, writer, reviewer)
        assert not events(caplog), "nothing is logged before the commit"
    found = events(caplog)
    assert [fields["event"] for fields in found] == ["signed", "edition", "publication"]
    assert {fields["page"] for fields in found} == {str(page.translation_key)}
    assert found[0]["account"] == reviewer.pk
    assert found[1]["number"] == 1
    assert reviewer.get_username() not in caplog.text
    assert reviewer.get_full_name() not in caplog.text


@pytest.mark.django_db
def test_what_is_rolled_back_is_not_logged(
    caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Any, site: Any
) -> None:
    caplog.set_level(logging.INFO, "monographs.editions.event_log")
    with django_capture_on_commit_callbacks(execute=True):
        with transaction.atomic():
            append_entry(Event.REFUSED, WRITER, {"rule": "lost", "message": "secret"})
            transaction.set_rollback(True)
        append_entry(Event.REFUSED, WRITER, {"rule": "own_text", "message": "secret", "attempt": "secret"})
    assert events(caplog) == [{"event": "refused", "page": "", "account": 7, "rule": "own_text"}]
    assert "secret" not in caplog.text


def events(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [record.fields for record in caplog.records if record.name == "monographs.editions.event_log"]

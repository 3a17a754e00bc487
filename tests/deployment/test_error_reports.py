"""Reports to a Sentry server: off by default, clear without the client, nothing of people in them."""

import json
import sys
from typing import Any

import pytest
from sentry_sdk import get_client, isolation_scope
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from cms.error_reports import report_errors_to
from tests.deployment.conftest import PRODUCTION, environment, run

DSN = "https://key@errors.example.org/1"


class Kept(Transport):
    """Keeps what would be sent."""

    sent: list[str] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        Kept.sent.append(envelope.serialize().decode())


@pytest.fixture
def sent() -> Any:
    """What a client that is on for one test would send."""
    import sentry_sdk  # noqa: PLC0415

    Kept.sent = []
    report_errors_to(DSN, transport=Kept)
    try:
        yield Kept.sent
    finally:
        get_client().close()
        sentry_sdk.init()  # off again


def refuse(request: Any, *args: Any, **kwargs: Any) -> None:
    secret = "-".join(["secret", "local", "variable"])
    raise ZeroDivisionError(f"{len(secret)} parts of nothing")


def test_a_report_has_the_traceback_and_nothing_of_the_reader(
    sent: list[str], client: Any, db: None, site: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    client.raise_request_exception = False
    monkeypatch.setattr("monographs.public.search.views.results", refuse, raising=False)
    monkeypatch.setattr("monographs.public.views.page_response", refuse)
    with isolation_scope():
        answer = client.get(
            "/?q=secret-query",
            headers={
                "User-Agent": "secret-agent",
                "Referer": "https://x/secret-referrer",
                "X-Forwarded-For": "203.0.113.9",
                "Cookie": "a=secret-cookie",
            },
            REMOTE_ADDR="203.0.113.8",
        )
    assert answer.status_code == 500
    get_client().flush()
    (report,) = [text for text in sent if "ZeroDivisionError" in text]
    assert "page_response" in report or "refuse" in report
    assert set(json.loads(report.splitlines()[2]).get("request", {})) <= {"method"}
    for word in ("secret-", "203.0.113", "testserver", "Cookie"):
        assert word not in report, word


def test_it_is_off_by_default() -> None:
    code = "import django; django.setup(); import sys; print('sentry_sdk' in sys.modules)"
    result = run(sys.executable, "-c", code, env=environment(**PRODUCTION))
    assert (result.stdout, result.stderr) == ("False\n", "")


def test_without_the_client_the_message_says_what_to_do() -> None:
    code = "import sys; sys.modules['sentry_sdk'] = None; import django; django.setup()"
    result = run(sys.executable, "-c", code, env=environment(**PRODUCTION, SENTRY_DSN=DSN))
    assert result.returncode != 0
    assert "SENTRY_DSN is set, but the client is not installed: run `pip install" in result.stderr

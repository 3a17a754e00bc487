"""Other servers are asked beside each other and for a limited time, by `doctor` and by the status page."""

import json
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core.management import call_command

from monographs.management.commands.doctor import CONNECT_SECONDS
from monographs.site_checks import all_checks, other_servers
from monographs.site_checks.all_checks import CHECKS, server_results
from monographs.site_checks.site_check import status_of
from tests.conftest import as_user
from tests.deployment.conftest import PRODUCTION, environment, run
from tests.site_checks.test_other_servers import SMTP

#: Far more than any answer takes on a busy machine.
PATIENCE = 60


@contextmanager
def answering_together(together: int) -> Iterator[str]:
    """A server that answers no request before so many have come; yields its address."""
    gate = threading.Barrier(together)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                gate.wait(PATIENCE)
                # A witness refuses what has nothing to sign
                self.send_response(400 if self.command == "POST" else 200)
            except threading.BrokenBarrierError:
                self.send_response(503)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_PURGE = do_GET

        def log_message(self, *args: Any) -> None:
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        httpd.daemon_threads = True
        threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{httpd.server_port}"
        finally:
            gate.abort()
            httpd.shutdown()


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody gives up early: what is asked one after the other is found by its answers, not by its time."""
    for module, name in (
        (other_servers, "TIMEOUT"),
        (other_servers, "LONGEST_ANSWER"),
        (all_checks, "LONGEST_CHECK"),
    ):
        monkeypatch.setattr(module, name, PATIENCE)


def found_of_servers() -> dict[str, str]:
    """The status of each check that asks other servers."""
    return {check.name: status_of(messages) for check, messages in server_results()}


def test_all_servers_are_asked_at_once(fit_site: Any, patient: None) -> None:
    """Two caches and a witness, none of which answers before all three are asked."""
    with answering_together(3) as address:
        fit_site.CACHE_PURGE_URLS = [address, f"{address}/"]
        fit_site.LEDGER_WITNESS_URLS = [f"{address}/witness"]
        found = found_of_servers()
    assert (found["cache_nodes"], found["witnesses"]) == ("ok", "ok")


def test_one_server_that_never_ends_its_answer_is_named_beside_the_others(
    fit_site: Any, patient: None, monkeypatch: pytest.MonkeyPatch, closed_port: int
) -> None:
    monkeypatch.setattr(other_servers, "LONGEST_ANSWER", 0.5)
    closed = f"http://127.0.0.1:{closed_port}"
    with answering_together(2) as address:
        fit_site.CACHE_PURGE_URLS = [address, closed]
        ((_, messages),) = [result for result in server_results() if result[0].name == "cache_nodes"]
    assert f"The cache {address} does not accept purges: no complete answer" in messages[0].msg
    assert f"The cache {closed} does not accept purges: [Errno 111]" in messages[1].msg


def test_a_check_that_takes_too_long_is_a_warning_with_a_remedy(
    fit_site: Any, patient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(all_checks, "LONGEST_CHECK", 0.5)
    with answering_together(2) as address:
        fit_site.LABEL_SOURCE, fit_site.SCHEDULE, fit_site.DAILYMED_URL = "dailymed", {}, f"{address}/"
        ((_, messages),) = [result for result in server_results() if result[0].name == "label_service"]
    assert "there was no complete answer within 0.5 seconds" in messages[0].msg
    assert "firewall" in str(messages[0].hint)


@pytest.mark.django_db
def test_the_status_page_asks_every_server_that_doctor_asks(
    settings: Any, superuser: Any, closed_port: int, capsys: Any
) -> None:
    settings.EMAIL_TRANSPORT, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", closed_port
    closed = f"http://127.0.0.1:{closed_port}"
    settings.CACHE_PURGE_URLS = settings.LEDGER_WITNESS_URLS = [closed]
    settings.LEDGER_TSA_URL = f"{closed}/tsr"
    settings.LABEL_SOURCE, settings.SCHEDULE, settings.DAILYMED_URL = "dailymed", {}, f"{closed}/"
    with pytest.raises(SystemExit):
        call_command("doctor", "--json")
    of_doctor = {entry["check"]: entry for entry in json.loads(capsys.readouterr().out)["checks"]}
    page = as_user(superuser).get("/admin/status/", {"servers": "1"}).content.decode()
    asked = [check for check in CHECKS if check.asks_servers]
    assert {check.name for check in asked} >= {
        *("mail_server", "object_store", "cache_nodes", "label_service"),
        *("witnesses", "time_stamp_authority", "head_buckets", "certificate"),
    }
    for check in asked:
        for message in of_doctor[check.name]["messages"]:
            # Each asks for another label that nobody has
            assert message["message"].partition(": ")[0] in unescape(page), check.name
            assert message["remedy"] in unescape(page), check.name
            assert check.manual in unescape(page)
        if not of_doctor[check.name]["messages"]:
            assert check.title in unescape(page)
    assert [of_doctor[name]["status"] for name in ("mail_server", "witnesses")] == ["error", "warning"]
    assert "Other servers were asked as well." in page


def test_a_database_that_takes_connections_and_never_answers_is_asked_once() -> None:
    """As behind a firewall that drops what it gets: each check would wait for it, some twenty."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as silent:
        url = f"postgresql://nobody@127.0.0.1:{silent.getsockname()[1]}/none"
        began = time.monotonic()
        done = run(
            sys.executable,
            "manage.py",
            "doctor",
            "--json",
            env=environment(**PRODUCTION | {"DATABASE_URL": url, "LABEL_SOURCE": "none"}),
        )
        took = time.monotonic() - began
    checks = {check["check"]: check for check in json.loads(done.stdout)["checks"]}
    (answer,) = checks["database_answers"]["messages"]
    assert answer["message"].startswith("The database does not answer: ")
    assert checks["migrations"]["messages"][0]["message"] == "Not checked: the database does not answer."
    assert done.returncode == 1
    # To load the code and the checks of other servers take less, also on a busy machine
    assert took < 5 * CONNECT_SECONDS + PATIENCE

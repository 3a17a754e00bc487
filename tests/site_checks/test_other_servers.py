"""Each server that does not do its work is named, with the remedy; servers of the tests' own are asked."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from monographs.site_checks import other_servers
from tests.checkpoints.time_stamp_server import Authority, stamping
from tests.label_watch.label_service import LabelSite, label_service
from tests.site_checks.findings import found

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@dataclass
class Answering:
    """A server that gives every request one answer, and keeps what it was asked."""

    address: str = ""
    status: int = 200
    body: bytes = b""
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)


@contextmanager
def answering() -> Iterator[Answering]:
    """Run such a server."""
    server = Answering()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append((self.command, self.path, dict(self.headers)))
            self.send_response(server.status)
            self.send_header("Content-Length", str(len(server.body)))
            self.end_headers()
            self.wfile.write(server.body)

        do_POST = do_PURGE = do_GET

        def log_message(self, *args: Any) -> None:
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        httpd.daemon_threads = True
        thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        server.address = f"http://127.0.0.1:{httpd.server_port}"
        yield server
        httpd.shutdown()


@pytest.fixture
def server() -> Iterator[Answering]:
    """A server that answers everything alike."""
    with answering() as server:
        yield server


@pytest.fixture
def closed(closed_port: int) -> str:
    """The address of nobody."""
    return f"http://127.0.0.1:{closed_port}"


def test_a_mail_server_that_does_not_answer_is_named(fit_site: Any, mail_port: int, closed_port: int) -> None:
    fit_site.EMAIL_TRANSPORT, fit_site.EMAIL_HOST = SMTP, "127.0.0.1"
    fit_site.EMAIL_HOST_USER = fit_site.EMAIL_HOST_PASSWORD = ""
    fit_site.EMAIL_USE_TLS = fit_site.EMAIL_USE_SSL = False
    fit_site.EMAIL_PORT = mail_port
    assert found("mail_server") == ""
    fit_site.EMAIL_PORT = closed_port
    assert f"The mail server 127.0.0.1:{closed_port} cannot be used" in found("mail_server")
    assert "EMAIL_URL" in found("mail_server")


@pytest.mark.parametrize("backend", ["dummy", "console", "locmem", "filebased"])
def test_a_site_that_sends_no_email_is_told(fit_site: Any, backend: str, tmp_path: Path) -> None:
    fit_site.EMAIL_FILE_PATH = str(tmp_path)
    fit_site.EMAIL_TRANSPORT = f"django.core.mail.backends.{backend}.EmailBackend"
    assert "EMAIL_URL names no mail server, so nobody gets an email" in found("mail_server")
    assert "smtp://user:password@host:587" in found("mail_server")
    fit_site.DEBUG = True
    assert found("mail_server") == ""


def test_a_cache_node_that_accepts_no_purge_is_named(fit_site: Any, closed: str, server: Answering) -> None:
    fit_site.CACHE_PURGE_URLS = [server.address, closed, "http://127.0.0.1:99999", "http://a..b:80"]
    said = found("cache_nodes").splitlines()
    assert [line.partition(" does not accept purges")[0] for line in said] == [
        f"The cache {closed}",
        "The cache http://127.0.0.1:99999",
        "The cache http://a..b:80",
    ]
    assert "Start it, let it accept PURGE" in said[0]
    ((method, path, headers),) = server.asked
    assert (method, path) == ("PURGE", "/")
    assert headers["Surrogate-Key"].startswith("doctor-")
    server.status = 405
    assert f"The cache {server.address} does not accept purges: answered 405" in found("cache_nodes")


@pytest.mark.parametrize("source", ["dailymed", "openfda"])
def test_a_label_service_that_does_not_answer_is_named(fit_site: Any, closed: str, source: str) -> None:
    fit_site.LABEL_SOURCE, fit_site.SCHEDULE = source, {}
    with label_service() as labels:
        fit_site.DAILYMED_URL, fit_site.OPENFDA_URL = _addresses(labels)
        assert found("label_service") == ""
        assert len(labels.requests) == 1
    fit_site.DAILYMED_URL = fit_site.OPENFDA_URL = f"{closed}/"
    assert "gives no usable answer, so no change of a label is noticed" in found("label_service")
    assert "LABEL_SOURCE=none" in found("label_service")


def _addresses(labels: LabelSite) -> tuple[str, str]:
    return f"{labels.address}/dailymed/", f"{labels.address}/openfda/"


def test_a_label_service_that_answers_something_else_is_named(fit_site: Any, server: Answering) -> None:
    fit_site.LABEL_SOURCE, fit_site.SCHEDULE = "dailymed", {}
    fit_site.DAILYMED_URL, server.body = f"{server.address}/", b"<html>Sign in to the hotel's network</html>"
    assert "DailyMed gives no usable answer" in found("label_service")
    for status in (403, 503):
        server.status = status
        assert f"answers {status}" in found("label_service")


@pytest.mark.parametrize(
    "change",
    [
        lambda s: setattr(s, "LABEL_SOURCE", "none"),
        lambda s: setattr(s, "SCHEDULE", {"check_labels": "off"}),
    ],
)
def test_a_label_service_that_nobody_uses_is_not_asked(
    fit_site: Any, closed: str, change: Callable[[Any], None]
) -> None:
    fit_site.LABEL_SOURCE, fit_site.SCHEDULE, fit_site.DAILYMED_URL = "dailymed", {}, f"{closed}/"
    assert found("label_service")
    change(fit_site)
    assert found("label_service") == ""


def test_a_witness_that_is_none_is_named(fit_site: Any, closed: str, server: Answering) -> None:
    fit_site.LEDGER_WITNESS_URLS, server.status = [f"{server.address}/w1"], 400
    assert found("witnesses") == "", "it refuses what has nothing to sign"
    assert [(method, path) for method, path, _ in server.asked] == [("POST", "/w1/add-checkpoint")]
    for status in (200, 302, 404, 405, 502):  # the first: a page of a network that asks to sign in
        server.status, server.body = status, b"<html>Welcome</html>"
        assert f"The witness {server.address}/w1 does not sign: it answers {status}" in found("witnesses")
    fit_site.LEDGER_WITNESS_URLS = [closed]
    assert "it cannot be reached" in found("witnesses")
    assert "LEDGER_WITNESS_URLS" in found("witnesses")


def test_an_authority_whose_stamp_does_not_hold_is_named(fit_site: Any, closed: str, tmp_path: Path) -> None:
    authority, other = Authority(tmp_path / "authority"), Authority(tmp_path / "other")
    fit_site.LEDGER_TSA_CA_FILE = str(authority.ca_file)
    with stamping(authority) as fit_site.LEDGER_TSA_URL:
        assert found("time_stamp_authority") == ""
        assert len(authority.asked) == 1
        fit_site.LEDGER_TSA_CA_FILE = str(other.ca_file)
        assert "gives no time stamp that holds: its time stamp does not hold" in found("time_stamp_authority")
    fit_site.LEDGER_TSA_URL = f"{closed}/tsr"
    assert "it cannot be reached" in found("time_stamp_authority")
    assert "LEDGER_TSA_CA_FILE" in found("time_stamp_authority")


def test_a_bucket_that_does_not_answer_is_named(fit_site: Any, closed: str, monkeypatch: Any) -> None:
    """A real store is in tests/checkpoints/test_head_in_s3.py."""
    pytest.importorskip("boto3", reason="S3 is optional")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", closed)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    fit_site.LEDGER_HEAD_TO = ["s3://heads/ledger?retain_days=30"]
    said = found("head_buckets")
    assert "The ledger's head cannot be stored at s3://heads/ledger?retain_days=30" in said
    assert "AWS_ENDPOINT_URL_S3" in said


def test_nobody_waits_long_for_a_server_that_hangs(fit_site: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(other_servers, "TIMEOUT", 0.3)
    with _hanging() as address:
        fit_site.CACHE_PURGE_URLS, fit_site.LEDGER_WITNESS_URLS = [address], [address]
        fit_site.LABEL_SOURCE, fit_site.SCHEDULE, fit_site.DAILYMED_URL = "dailymed", {}, f"{address}/"
        for name in ("cache_nodes", "witnesses", "label_service"):
            assert found(name)


@contextmanager
def _hanging() -> Iterator[str]:
    """A server that accepts connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"

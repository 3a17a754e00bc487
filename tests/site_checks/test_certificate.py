"""A certificate that browsers refuse, or soon will, is named; real ones are made and shown."""

import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.site_checks.findings import found, messages

CONFIGURATION = """
[ca]
default_ca = site
[site]
database = {folder}/index.txt
new_certs_dir = {folder}
default_md = sha256
policy = any
x509_extensions = names
rand_serial = yes
[any]
commonName = supplied
[names]
subjectAltName = DNS:{name}
basicConstraints = critical,CA:TRUE
"""
MakeCertificate = Callable[..., tuple[Path, Path]]


@pytest.fixture
def make_certificate(tmp_path: Path) -> MakeCertificate:
    """A function that makes a key, and a certificate for a host that ends after some days."""

    def openssl(*words: str | Path) -> None:
        subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)

    def make(days: int, name: str = "localhost") -> tuple[Path, Path]:
        (tmp_path / "index.txt").write_text("")
        (tmp_path / "ca.cnf").write_text(CONFIGURATION.format(folder=tmp_path, name=name))
        request, key, certificate = (
            tmp_path / file for file in ("request.pem", "key.pem", "certificate.pem")
        )
        openssl(
            *("req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", request),
            *("-subj", f"/CN={name}"),
        )
        ends = datetime.now(UTC) + timedelta(days=days, hours=1)
        openssl(
            *("ca", "-batch", "-notext", "-config", tmp_path / "ca.cnf", "-selfsign", "-keyfile", key),
            *("-in", request, "-out", certificate, "-startdate", "20200101000000Z"),
            *("-enddate", f"{ends:%Y%m%d%H%M%SZ}"),
        )
        return certificate, key

    return make


@contextmanager
def showing(certificate: Path, key: Path) -> Iterator[str]:
    """A server that shows a certificate; yields its address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def serve() -> None:
        with suppress(OSError):  # the socket is closed at the end
            while True:
                client, _ = listening.accept()
                with client, suppress(OSError):  # who refuses the certificate goes away
                    context.wrap_socket(client, server_side=True).close()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=serve, daemon=True).start()
        yield f"https://localhost:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    ("shown", "said", "level"),
    [
        ((60, "localhost"), "", ""),
        ((3, "localhost"), "ends in 3 days", "Warning"),
        ((-1, "localhost"), "is refused: certificate has expired", "Error"),
        ((60, "other.example.org"), "is refused: Hostname mismatch", "Error"),
    ],
)
def test_a_certificate_is_judged_as_browsers_do(
    fit_site: Any,
    make_certificate: MakeCertificate,
    monkeypatch: pytest.MonkeyPatch,
    shown: tuple[int, str],
    said: str,
    level: str,
) -> None:
    certificate, key = make_certificate(*shown)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with showing(certificate, key) as fit_site.BASE_URL:
        names = [type(message).__name__ for message in messages("certificate")]
        assert names == ([level] if level else [])
        assert said in found("certificate")
        assert ("nginx -s reload" in found("certificate")) == bool(said)


def test_a_certificate_of_somebody_whom_only_browsers_trust_is_a_warning(
    fit_site: Any, make_certificate: MakeCertificate
) -> None:
    with showing(*make_certificate(60)) as fit_site.BASE_URL:
        (message,) = messages("certificate")
    assert type(message).__name__ == "Warning"
    assert "Let this machine trust who issued it" in str(message.hint)


def test_an_address_that_this_machine_cannot_reach_is_no_fault(fit_site: Any, closed_port: int) -> None:
    fit_site.BASE_URL = f"https://127.0.0.1:{closed_port}"
    assert found("certificate") == ""

"""A time stamping authority on this machine: OpenSSL's, behind a small web server, with a throw-away CA."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Change = Callable[[bytes], bytes]

CONFIGURATION = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_cert = {folder}/signer.pem
certs = {folder}/ca.pem
signer_key = {folder}/signer.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _certificate(
    subject: str, key: EllipticCurvePrivateKey, issuer: str, by: EllipticCurvePrivateKey, **options: Any
) -> x509.Certificate:
    until = options.get("until", datetime.now(UTC) + timedelta(days=30))
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(until - timedelta(days=60))
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=subject == issuer, path_length=None), critical=True)
    )
    if usage := options.get("usage"):
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
    return builder.sign(by, SHA256())


@dataclass
class Authority:
    """Stamps what it is sent; tests change the query, the answer, the status or the time it takes."""

    folder: Path
    change_query: Change = bytes
    change_answer: Change = bytes
    status: int = 200
    pause: float = 0
    #: Seconds between the bytes of a header; 0 sends it at once.
    drip: float = 0
    asked: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir()
        self.new_ca()
        (self.folder / "tsa.cnf").write_text(CONFIGURATION.format(folder=self.folder))
        (self.folder / "serial").write_text("01\n")
        self.new_signer()

    @property
    def ca_file(self) -> Path:
        """The CA's certificate."""
        return self.folder / "ca.pem"

    def new_ca(self, **options: Any) -> None:
        """Make a CA; ``until`` can be other than usual."""
        self.ca_key = generate_private_key(SECP256R1())
        certificate = _certificate("CA", self.ca_key, "CA", self.ca_key, **options)
        self.ca_file.write_bytes(certificate.public_bytes(Encoding.PEM))

    def new_signer(self, **options: Any) -> None:
        """Let the CA certify another key; ``until`` and ``usage`` can be other than usual."""
        key = generate_private_key(SECP256R1())
        options.setdefault("usage", ExtendedKeyUsageOID.TIME_STAMPING)
        certificate = _certificate("Authority", key, "CA", self.ca_key, **options)
        (self.folder / "signer.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
        (self.folder / "signer.key").write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )

    def answer(self, query: bytes) -> bytes:
        """OpenSSL's answer."""
        self.asked.append(query)
        (self.folder / "query").write_bytes(self.change_query(query))
        command = ["openssl", "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "answer"]
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True)
        return self.change_answer((self.folder / "answer").read_bytes())

    def sign_with_another_purpose(self, answer: bytes) -> bytes:
        """Sign what a stamp says anew with a certificate of the same CA that is for web servers.

        OpenSSL's authority refuses to, so it is made in steps, as a forger would.
        """
        self.new_signer(usage=ExtendedKeyUsageOID.SERVER_AUTH)
        (self.folder / "good").write_bytes(answer)
        for command in (
            "ts -reply -in good -token_out -out token",
            "cms -verify -noverify -inform DER -in token -out content",
            "cms -sign -binary -nodetach -cades -md sha256 -econtent_type id-smime-ct-TSTInfo -in content "
            "-signer signer.pem -inkey signer.key -certfile ca.pem -outform DER -out forged",
            "ts -reply -in forged -token_in -out whole",
        ):
            subprocess.run(["openssl", *command.split()], cwd=self.folder, check=True, capture_output=True)
        return (self.folder / "whole").read_bytes()


@contextmanager
def stamping(authority: Authority) -> Iterator[str]:
    """Serve an authority; yield its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            if authority.drip:
                with suppress(OSError):
                    self._send_slowly(b"HTTP/1.1 200 OK\r\nX: " + 100 * b"x")
                return
            is_query = self.headers["Content-Type"] == "application/timestamp-query"
            data = authority.answer(query) if is_query and self.path == "/tsr" else b""
            self.send_response(authority.status if data else 400)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[:1])
            self.wfile.flush()
            time.sleep(authority.pause)
            self.wfile.write(data[1:])

        def _send_slowly(self, data: bytes) -> None:
            for byte in data:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(authority.drip)

        def log_message(self, *args: Any) -> None:
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/tsr"
        finally:
            server.shutdown()
            thread.join()

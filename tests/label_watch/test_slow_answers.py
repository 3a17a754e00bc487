"""Requests to servers that send slowly or badly: each ends by its deadline, with what happened."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from monographs.label_watch.polite_http import HttpLimits, PoliteHttp, ServiceUnavailable

#: So patient that every answer arrives in time, however busy the machine is.
LIMITS = HttpLimits(step=60, request=120, pause=0.0, waits=(), size=1_000)
#: Each read may take long, so a byte every 0.1 s is never too slow for it; the whole answer is.
HASTY = replace(LIMITS, request=0.8)
#: What is sent in a minute.
_UNITS, _PAUSE = 600, 0.1
HEAD = b"HTTP/1.1 200 OK\r\n"


@contextmanager
def answering(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that answers its one request with ``answer``."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        accepted, _ = listening.accept()
        with accepted:
            accepted.recv(65_536)
            try:
                answer(accepted)
            except OSError:
                return  # the client has gone

    threading.Thread(target=serve, daemon=True).start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    listening.close()


def drip(head: bytes, unit: bytes, gone: threading.Event) -> Callable[[socket.socket], None]:
    """Send ``head`` at once, then ``unit`` again and again; set ``gone`` if the client does not wait."""

    def answer(accepted: socket.socket) -> None:
        try:
            accepted.sendall(head)
            for _ in range(_UNITS):
                accepted.sendall(unit)
                time.sleep(_PAUSE)
        except OSError:
            gone.set()

    return answer


@pytest.mark.parametrize(
    ("head", "unit"),
    [
        (HEAD + b"Content-Length: 5000\r\n\r\n", b"x"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n1000\r\n", b"x"),
        (HEAD, b"X-More: yes\r\n"),
        (b"", b"H"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["body", "chunks", "one chunk", "headers", "status", "promises"],
)
def test_a_server_that_sends_a_byte_at_a_time_is_given_up_at_the_deadline(head: bytes, unit: bytes) -> None:
    gone = threading.Event()
    with answering(drip(head, unit, gone)) as address:
        with pytest.raises(ServiceUnavailable, match=r"took longer than 1 s"):
            PoliteHttp(address, "tests", HASTY).get("slow")
        assert gone.wait(_UNITS * _PAUSE * 2), "all of it was waited for"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"", "gave no complete answer"),
        (b"<html>", "gave no complete answer"),
        (HEAD + b"X: y\r\n" * 500 + b"\r\n", "gave no complete answer"),
        (HEAD + b"Content-Length: 1\r\nContent-Length: 3\r\n\r\nabc", "gave no complete answer"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab", "gave no complete answer"),
        (HEAD + b"Content-Encoding: gzip, gzip, gzip, gzip, gzip, gzip\r\n\r\n{}", "gave no complete answer"),
        (
            HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b" " * 10_000_000),
            "more than 1,000 bytes",
        ),
    ],
    ids=["nothing", "html only", "headers", "two lengths", "cut chunk", "encodings", "bomb"],
)
def test_a_bad_answer_is_told(sent: bytes, said: str) -> None:
    answer = answering(lambda accepted: accepted.sendall(sent))
    with answer as address, pytest.raises(ServiceUnavailable, match=said):
        PoliteHttp(address, "tests", LIMITS).get("bad")


def test_a_redirect_from_tls_to_none_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = type("Answer", (), {"status": 302, "headers": {"Location": "http://labels.example/b"}})()
    monkeypatch.setattr(PoliteHttp, "_patient", lambda *args: answer)
    with pytest.raises(ServiceUnavailable, match="without TLS"):
        PoliteHttp("https://labels.example/", "tests", LIMITS).get("a")

"""The link checker against addresses and servers that try to lead it inside, or to hold it up."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain, repeat
from threading import Thread
from typing import Any

import pytest

from monographs.rules.linkcheck.client import MOST_REDIRECTS, fetch_link
from monographs.rules.linkcheck.runner import check_links
from monographs.rules.models import LinkCheck, LinkOutcome
from tests.factories import complete_sections, make_monograph, stream
from tests.rules.test_link_addresses import PUBLIC, Network, network  # noqa: F401  # a fixture
from tests.rules.test_links import HASTY, INSIDE, OUTSIDE, Site, inside, server  # noqa: F401  # fixtures

#: HEAD and GET of an address and of each that it redirects to.
ALL_REQUESTS = 2 * (MOST_REDIRECTS + 1)
#: Ways to write an address inside a network that is no name and no plain address.
SHORTENED = [
    "127.1", "10.1", "0x7f000001", "0x7f.1", "0177.0.0.1", "2130706433", "0", "[::ffff:10.0.0.1]",
    "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:a9fe:a9fe]", "[::127.1.1.1]", "localhost",
]  # fmt: skip


@pytest.mark.parametrize("host", SHORTENED)
def test_no_redirect_leads_inside_however_it_is_written(
    host: str,
    network: Network,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Site, "do_HEAD", lambda site: site.reply(302, f"http://{host}/"))
    network.names = {"example.org": [[PUBLIC]]}
    answer = fetch_link("http://example.org/", OUTSIDE)
    assert answer.outcome == LinkOutcome.NOT_ASKED
    assert "inside a network" in answer.detail
    assert network.connected == [PUBLIC]


@pytest.mark.parametrize("host", ["127.0.0.1", "127。0。0。1", "①27.1", "ⓛocalhost"])
def test_letters_that_browsers_read_as_others_lead_nowhere_else(host: str, network: Network) -> None:  # noqa: F811
    answer = fetch_link(f"http://{host}/", OUTSIDE)
    assert answer.outcome == LinkOutcome.NOT_ASKED
    assert network.connected == []


@pytest.mark.parametrize(
    "target",
    [
        "http://user@example.org/", "//user:secret@example.org/", "http://example.org:22/",
        "//example.org:8080/", "https://example.org:80/", "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/1",
        "http://[::1", "http://example.org:99999/",
    ],
)  # fmt: skip
def test_no_redirect_has_a_user_another_port_or_another_scheme(
    target: str,
    network: Network,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Site, "do_HEAD", lambda site: site.reply(302, target))
    network.names = {"example.org": [[PUBLIC]]}
    answer = fetch_link("http://example.org/", OUTSIDE)
    assert answer.outcome in (LinkOutcome.NOT_ASKED, LinkOutcome.SILENT)
    assert network.connected == [PUBLIC]


@contextmanager
def server_that_sends(parts: Any, *, pause: float = 0) -> Iterator[tuple[str, list[int]]]:
    """Send the bytes of ``parts()`` on each connection; yield its address, and how many each one took."""
    listener = socket.create_server(("127.0.0.1", 0))
    sent: list[int] = []

    def serve() -> None:
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            Thread(target=send, args=(sock,), daemon=True).start()

    def send(sock: socket.socket) -> None:
        number = len(sent)
        sent.append(0)
        try:
            with sock:
                sock.recv(65_536)
                for part in parts():
                    sock.sendall(part)
                    sent[number] += len(part)
                    time.sleep(pause)
        except OSError:
            return

    Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/", sent
    finally:
        listener.close()


OK = b"HTTP/1.1 200 OK\r\n"
HUGE = {
    "body": (lambda: chain([OK + b"\r\n"], repeat(b"x" * 65_536, 2_000)), LinkOutcome.ANSWERS),
    "body after a refused HEAD": (
        lambda: chain([b"HTTP/1.1 404 No\r\n\r\n"], repeat(b"x" * 65_536, 2_000)),
        LinkOutcome.GONE,
    ),
    "header": (lambda: chain([OK + b"X: "], repeat(b"x" * 65_536, 2_000)), LinkOutcome.SILENT),
    "number of headers": (lambda: chain([OK], repeat(b"X: y\r\n" * 9_000, 2_000)), LinkOutcome.SILENT),
    "line of status": (lambda: repeat(b"HTTP/1.1 200 " * 5_000, 2_000), LinkOutcome.SILENT),
}
INTERIM = b"HTTP/1.1 100 Continue\r\n\r\n" * 3_000


@pytest.mark.parametrize("what", HUGE)
def test_a_huge_response_is_not_read(what: str) -> None:
    parts, outcome = HUGE[what]
    with server_that_sends(parts) as (address, sent):
        answer = fetch_link(address, INSIDE)
    assert answer.outcome == outcome
    assert max(sent) < 20_000_000, "the buffers of the two sockets, and no more"


def test_interim_responses_without_end_are_cut_off() -> None:
    with server_that_sends(lambda: repeat(INTERIM)) as (address, _):
        answer = fetch_link(address, replace(HASTY, step_timeout=60))
    assert (answer.outcome, answer.detail) == (LinkOutcome.SILENT, "it did not answer in time")


def test_a_slow_body_is_not_waited_for() -> None:
    head = OK + b"Content-Length: 1000\r\n\r\n"
    with server_that_sends(lambda: chain([head], repeat(b"x", 1_000)), pause=0.1) as (address, sent):
        assert fetch_link(address, INSIDE).outcome == LinkOutcome.ANSWERS
        assert max(sent) < len(head) + 500, "all of it would take 100 s"


def test_redirects_that_are_slow_together_are_cut_off(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """Each answers within the limits of one request, and HEAD and GET of six addresses do not."""

    def answer(site: Site) -> None:
        site.server.requests.append((site.command, site.path))
        time.sleep(0.3)
        site.reply(405 if site.command == "HEAD" else 302, "/again")

    monkeypatch.setattr(Site, "do_HEAD", answer)
    monkeypatch.setattr(Site, "do_GET", answer)
    result = fetch_link(server.address, replace(INSIDE, address_timeout=1))
    assert len(server.requests) < ALL_REQUESTS
    assert (result.outcome, result.detail) == (LinkOutcome.SILENT, "it did not answer in time")


@pytest.mark.django_db
@pytest.mark.usefixtures("site", "inside")
@pytest.mark.parametrize(
    "broken", ["http://[::1", "http://[x]/", "http://example.org:99999/", "http://[1.2]/"]
)
def test_a_malformed_address_in_one_text_stops_no_round(broken: str, server: Any) -> None:  # noqa: F811
    words = f'<a href="{broken}">One page</a>. <a href="{server.address}/fine">The other</a>.'
    page = make_monograph()
    page.sections = stream(complete_sections(how_it_works=words))
    page.save_revision()
    check_links(pause=0)
    outcomes = dict(LinkCheck.objects.values_list("address", "outcome"))
    assert outcomes[f"{server.address}/fine"] == LinkOutcome.ANSWERS
    assert outcomes.get(broken, LinkOutcome.SILENT) != LinkOutcome.ANSWERS

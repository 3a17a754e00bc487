"""The link checker connects only to global unicast addresses, and to the one that it has checked."""

import socket
from typing import Any

import pytest

from monographs.rules.linkcheck.client import LinkResponse, fetch_link
from monographs.rules.models import LinkOutcome
from tests.rules.test_links import OUTSIDE, Site, server  # noqa: F401  # a fixture

PUBLIC = "93.184.215.14"


class Network:
    """Resolves names as given, and leads connections to public addresses to a server of this test."""

    def __init__(self, port: int) -> None:
        self.port = port
        #: Addresses of each name, one list per time that it is resolved; the last stays.
        self.names: dict[str, list[list[str]]] = {}
        self.connected: list[str] = []
        self._connect, self._resolve = socket.create_connection, socket.getaddrinfo

    def resolve(self, host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        answers = self.names.get(host, [[host]])
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [row for ip in found for row in self._resolve(ip, port, *args, **kwargs)]

    def connect(self, address: tuple[str, int], *args: Any, **kwargs: Any) -> Any:
        self.connected.append(address[0])
        return self._connect(("127.0.0.1", self.port), *args, **kwargs)


@pytest.fixture
def network(server: Any, monkeypatch: pytest.MonkeyPatch) -> Network:  # noqa: F811
    network = Network(server.server_port)
    monkeypatch.setattr(socket, "getaddrinfo", network.resolve)
    monkeypatch.setattr(socket, "create_connection", network.connect)
    return network


INSIDE = [
    "10.1.2.3", "127.0.0.1", "169.254.169.254", "100.64.0.1", "192.0.0.9", "192.0.0.170", "192.88.99.1",
    "198.18.0.1", "240.0.0.1", "255.255.255.255", "224.0.0.1", "0.0.0.0",  # noqa: S104
    "::", "::1", "::127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:10.0.0.1", "fe80::1", "fec0::1", "fd00::1",
    "ff02::1", "ff0e::1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808",
    "2002:7f00:1::1", "2002:a00:1::1", "2002:a9fe:a9fe::", "2001::1", "2001:0:7f00:1::1",
    "2001:0:5ef5:79fd:0:59d:a0e5:ba1", "2001:db8::1", "3fff::1", "100::1", "5f00::1", "4000::1",
    "2a00:1450::5efe:a00:1", "2a00:1450::200:5efe:a00:1",
]  # fmt: skip
OUTSIDE_ADDRESSES = [
    PUBLIC,
    "2606:2800:21f:cb07::1",
    "::ffff:93.184.215.14",
    "64:ff9b::5db8:d70e",
    "2002:5db8:d70e::1",
]


@pytest.mark.parametrize("ip", INSIDE)
def test_no_address_that_is_not_global_unicast_is_connected_to(ip: str, network: Network) -> None:
    network.names = {"example.org": [[ip]], "both.example": [[PUBLIC, ip]]}
    for host in ("example.org", "both.example"):
        answer = fetch_link(f"http://{host}/", OUTSIDE)
        assert answer.outcome == LinkOutcome.NOT_ASKED
        assert "inside a network" in answer.detail
    assert network.connected == []


@pytest.mark.parametrize("ip", OUTSIDE_ADDRESSES)
def test_global_unicast_addresses_are_connected_to(ip: str, network: Network) -> None:
    network.names = {"example.org": [[ip]]}
    assert fetch_link("http://example.org/", OUTSIDE).outcome == LinkOutcome.ANSWERS
    assert network.connected == [ip]


@pytest.mark.parametrize("ip", ["10.1.2.3", "64:ff9b::a00:1", "2002:7f00:1::1"])
def test_every_redirect_is_checked_again(ip: str, network: Network) -> None:
    network.names = {"example.org": [[PUBLIC]], "inside.example": [[ip]]}
    answer = fetch_link("http://example.org/to/http/inside.example", OUTSIDE)
    assert answer.outcome == LinkOutcome.NOT_ASKED
    assert network.connected == [PUBLIC]


def test_a_name_that_leads_elsewhere_the_second_time_is_not_followed_there(network: Network) -> None:
    network.names = {"example.org": [[PUBLIC], ["127.0.0.1"]]}
    assert fetch_link("http://example.org/", OUTSIDE).outcome == LinkOutcome.ANSWERS
    assert network.connected == [PUBLIC], "the address that was checked, resolved once"
    network.names = {"example.org": [[PUBLIC], ["127.0.0.1"]]}
    answer = fetch_link("http://example.org/moved/1", OUTSIDE)
    assert answer.outcome == LinkOutcome.NOT_ASKED
    assert "127.0.0.1" not in network.connected


@pytest.mark.parametrize(
    "address",
    [
        "http://user@example.org/", "http://user:secret@example.org/", "http://example.org@127.0.0.1/",
        "http://127.0.0.1\\@example.org/", "http://example.org:22/", "https://example.org:80/",
        "http://example.org:443/", "http://example.org:0/", "http://example.org:99999/", "http://[::1]:80x/",
    ],
)  # fmt: skip
def test_addresses_with_a_user_or_another_port_are_not_requested(address: str, network: Network) -> None:
    network.names = {"example.org": [[PUBLIC]]}
    answer: LinkResponse = fetch_link(address, OUTSIDE)
    assert answer.outcome in (LinkOutcome.NOT_ASKED, LinkOutcome.SILENT)
    assert network.connected == []


def test_the_server_is_asked_by_its_name(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    hosts = []

    def answer(site: Site) -> None:
        hosts.append(site.headers["Host"])
        site.reply(200)

    monkeypatch.setattr(Site, "do_HEAD", answer)
    network.names = {"example.org": [[PUBLIC]]}
    fetch_link("http://example.org/", OUTSIDE)
    assert hosts == ["example.org"]

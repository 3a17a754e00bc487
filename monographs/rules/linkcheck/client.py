"""Asking one address, as a guest who was sent there by a writer and trusts nobody.

Writers choose the addresses and this process asks them from inside the network, so it connects only to
public addresses, to the very one it has looked up, and tells nobody what was in the answer.
"""

import http.client
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from threading import Event, Timer
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from monographs.rules.models import LinkOutcome

#: How many times an address may send us on, as browsers allow more and good links need none.
MOST_REDIRECTS = 5
_MOVED = frozenset({301, 302, 303, 307, 308})
_GONE = frozenset({404, 410})
#: Answers to HEAD that say nothing about GET.
_ASK_AGAIN = frozenset({400, 403, 404, 405, 406, 410, 429, 500, 501, 503})
_PORTS = {"http": 80, "https": 443}
_SERVER_FAULT = 500
_SUCCESS = range(200, 300)


@dataclass(frozen=True, slots=True)
class LinkResponse:
    """What came of asking. ``status`` is the HTTP status, None without an answer."""

    outcome: LinkOutcome
    status: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Manners:
    """How to ask. Times are in seconds: for each step, and for one request in all."""

    patience: float = 10
    longest: float = 20
    reach_private: bool = False
    name: str = "monographs-link-check"


class _NotAsked(Exception):
    """The address is none that we ask; the message says why."""


def fetch_link(address: str, manners: Manners) -> LinkResponse:
    """Ask ``address`` and follow where it sends us. Never raises for what the other side does."""
    try:
        return _follow(address, manners)
    except _NotAsked as reason:
        return LinkResponse(LinkOutcome.NOT_ASKED, detail=str(reason))
    except ssl.SSLCertVerificationError:
        return LinkResponse(LinkOutcome.SILENT, detail="its certificate is not valid")
    except socket.gaierror:
        return LinkResponse(LinkOutcome.SILENT, detail="there is no such host")
    except TimeoutError:
        return LinkResponse(LinkOutcome.SILENT, detail="it did not answer in time")
    except (OSError, http.client.HTTPException, ValueError) as error:
        return LinkResponse(LinkOutcome.SILENT, detail=f"the connection failed ({type(error).__name__})")


def _follow(address: str, manners: Manners) -> LinkResponse:
    for _ in range(MOST_REDIRECTS + 1):
        status, location = _request("HEAD", address, manners)
        if status in _ASK_AGAIN:
            status, location = _request("GET", address, manners)
        if status not in _MOVED or not location:
            return _judged(status)
        address = urljoin(address, location)
    return LinkResponse(LinkOutcome.UNCLEAR, status, f"it sends readers on more than {MOST_REDIRECTS} times")


def _judged(status: int) -> LinkResponse:
    if status in _SUCCESS:
        return LinkResponse(LinkOutcome.ANSWERS, status)
    if status in _GONE:
        return LinkResponse(LinkOutcome.GONE, status, f"it answers {status}, nothing is there")
    if status >= _SERVER_FAULT:
        return LinkResponse(LinkOutcome.SILENT, status, f"it answers {status}, a fault of its own")
    return LinkResponse(LinkOutcome.UNCLEAR, status, f"it answers {status}, which may be for programs only")


def _request(method: str, address: str, manners: Manners) -> tuple[int, str]:
    """Status and place to go on to. The body is not read."""
    parts = urlsplit(address)
    with _connected(parts, manners) as connection:
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
        query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else ""
        headers = {"User-Agent": manners.name, "Accept": "text/html,*/*;q=0.8", "Connection": "close"}
        connection.request(method, f"{path}{query}", headers=headers)
        response = connection.getresponse()
        return response.status, response.headers.get("Location", "")


@contextmanager
def _connected(parts: SplitResult, manners: Manners) -> Iterator[http.client.HTTPConnection]:
    """A connection to the very address that was looked up; cut when it takes too long in all."""
    scheme, host = parts.scheme.lower(), parts.hostname
    if scheme not in _PORTS or not host:
        raise _NotAsked("it is no web address")
    port = parts.port or _PORTS[scheme]
    if port != _PORTS[scheme] and not manners.reach_private:
        raise _NotAsked("it names a port that public sites do not use")
    host = host.encode("idna").decode() if not host.isascii() else host
    ip = _public_address(host, port, manners)
    # The socket in use is the last: TLS takes the plain one over before it speaks
    socks = [socket.create_connection((ip, port), manners.patience)]
    too_long = Event()
    cut = Timer(manners.longest, _cut, [socks, too_long])
    cut.daemon = True
    cut.start()
    try:
        connection = http.client.HTTPConnection(host, port, timeout=manners.patience)
        connection.sock = socks[0]
        if scheme == "https":
            context = ssl.create_default_context()
            secured = context.wrap_socket(socks[0], server_hostname=host, do_handshake_on_connect=False)
            socks.append(secured)
            secured.do_handshake()
            connection.sock = secured
        yield connection
        if too_long.is_set():  # what was read until then may look like a whole answer
            raise TimeoutError
    finally:
        cut.cancel()
        socks[-1].close()


def _cut(socks: list[socket.socket], too_long: Event) -> None:
    """Whoever waits on the socket is told at once that nothing more will come, and then knows why."""
    too_long.set()
    with suppress(OSError):
        socks[-1].shutdown(socket.SHUT_RDWR)


def _public_address(host: str, port: int, manners: Manners) -> str:
    """The first address of ``host``; refused where any of them is inside a network."""
    found = [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not manners.reach_private and not all(_is_public(ip) for ip in found):
        raise _NotAsked("it leads inside a network, where readers cannot follow")
    return found[0]


def _is_public(ip: str) -> bool:
    address = ip_address(ip.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    return address.is_global and not address.is_multicast and (mapped is None or mapped.is_global)

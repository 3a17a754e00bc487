"""HTTP client that checks one address.

Writers choose the addresses and this process requests them from inside the network (the risk of server-side
request forgery). So it connects only to public IP addresses, to exactly the one it has resolved, and keeps
nothing of the response but its status.
"""

import http.client
import socket
import ssl
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from monographs.core.socket_deadline import timed_connection
from monographs.rules.models import LinkOutcome

#: Redirects that are followed. Browsers allow more; good links need none.
MOST_REDIRECTS = 5
_MOVED = frozenset({301, 302, 303, 307, 308})
#: Of these, the ones by which a server asks to use the new address from now on (RFC 9110, 15.4.2 and 15.4.9).
_FOR_GOOD = frozenset({301, 308})
_GONE = frozenset({404, 410})
#: Status codes of HEAD after which GET is tried, as servers may answer it differently.
_TRY_GET = frozenset({400, 403, 404, 405, 406, 410, 429, 500, 501, 503})
_PORTS = {"http": 80, "https": 443}
_SERVER_FAULT = 500
_SUCCESS = range(200, 300)


@dataclass(frozen=True, slots=True)
class LinkResponse:
    """Result of a check. ``status`` is the HTTP status, None without a response.

    ``moved_to`` is the address to which it moved for good; "" if it did not, or nothing answers there.
    """

    outcome: LinkOutcome
    status: int | None = None
    detail: str = ""
    moved_to: str = ""


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """Settings of the client.

    Timeouts are in seconds: for each step, for a request as a whole, and for all requests of an address.
    """

    step_timeout: float = 10
    request_timeout: float = 20
    #: Redirects must not multiply the time of a request by twelve.
    address_timeout: float = 60
    allow_private: bool = False
    user_agent: str = "monographs-link-check"


#: Special addresses (IANA, *IPv4 Special-Purpose Address Registry*), multicast and reserved ones. Python's
#: ``is_global`` differs between releases.
_NOT_PUBLIC_IPV4 = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 "
        "192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 "
        "198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4"
    ).split()
)
#: All that IANA has given out (*IPv6 Global Unicast Address Assignments*), without special addresses in it:
#: protocol assignments with Teredo and ORCHID, documentation, AS112.
_GLOBAL_UNICAST = ip_network("2000::/3")
_NOT_PUBLIC_IPV6 = tuple(
    ip_network(network) for network in "2001::/23 2001:db8::/32 2620:4f:8000::/48 3fff::/20".split()
)
#: Translated to the IPv4 address in the last 32 bits (RFC 6052). The translation prefix of a single network,
#: 64:ff9b:1::/48 (RFC 8215), is not global unicast.
_NAT64 = ip_network("64:ff9b::/96")
_LAST_32_BITS = 0xFFFFFFFF
_ISATAP, _UNIVERSAL_BIT = 0x00005EFE, 0x02000000


class _NotRequested(Exception):
    """The address is not one that is requested; the message says why."""


def fetch_link(address: str, settings: ClientSettings) -> LinkResponse:
    """Request ``address`` and follow redirects. Never raises for what the server does."""
    try:
        return _follow(address, settings)
    except _NotRequested as reason:
        return LinkResponse(LinkOutcome.NOT_ASKED, detail=str(reason))
    except ssl.SSLCertVerificationError:
        return LinkResponse(LinkOutcome.SILENT, detail="its certificate is not valid")
    except socket.gaierror:
        return LinkResponse(LinkOutcome.SILENT, detail="there is no such host")
    except TimeoutError:
        return LinkResponse(LinkOutcome.SILENT, detail="it did not answer in time")
    except (OSError, http.client.HTTPException, ValueError) as error:
        return LinkResponse(LinkOutcome.SILENT, detail=f"the connection failed ({type(error).__name__})")


def _follow(address: str, settings: ClientSettings) -> LinkResponse:
    end = time.monotonic() + settings.address_timeout
    moved_to, for_good = "", True
    for _ in range(MOST_REDIRECTS + 1):
        status, location = _request("HEAD", address, _until(end, settings))
        if status in _TRY_GET:
            status, location = _request("GET", address, _until(end, settings))
        if status not in _MOVED or not location:
            result = _classify(status)
            return replace(result, moved_to=moved_to) if result.outcome == LinkOutcome.ANSWERS else result
        address = urljoin(address, location)
        for_good = for_good and status in _FOR_GOOD
        moved_to = address if for_good else moved_to
    return LinkResponse(LinkOutcome.UNCLEAR, status, f"it redirects more than {MOST_REDIRECTS} times")


def _until(end: float, settings: ClientSettings) -> ClientSettings:
    """Return ``settings`` for a request that ends by ``end``; raise ``TimeoutError`` after it."""
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return replace(
        settings,
        step_timeout=min(settings.step_timeout, left),
        request_timeout=min(settings.request_timeout, left),
    )


def _classify(status: int) -> LinkResponse:
    if status in _SUCCESS:
        return LinkResponse(LinkOutcome.ANSWERS, status)
    if status in _GONE:
        return LinkResponse(LinkOutcome.GONE, status, f"it answers {status} (not found)")
    if status >= _SERVER_FAULT:
        return LinkResponse(LinkOutcome.SILENT, status, f"it answers {status} (server error)")
    return LinkResponse(LinkOutcome.UNCLEAR, status, f"it answers {status}, possibly only to programs")


def _request(method: str, address: str, settings: ClientSettings) -> tuple[int, str]:
    """Return the status and the target of a redirect. The body is not read."""
    parts = urlsplit(address)
    with _connection(parts, settings) as connection:
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
        query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else ""
        headers = {"User-Agent": settings.user_agent, "Accept": "text/html,*/*;q=0.8", "Connection": "close"}
        connection.request(method, f"{path}{query}", headers=headers)
        response = connection.getresponse()
        return response.status, response.headers.get("Location", "")


def _connection(
    parts: SplitResult, settings: ClientSettings
) -> AbstractContextManager[http.client.HTTPConnection]:
    """Return a connection to the resolved IP address; it is shut down after ``request_timeout``."""
    scheme, host = parts.scheme.lower(), parts.hostname
    if "@" in parts.netloc:
        raise _NotRequested("it contains a user name, which readers' browsers may refuse or hide")
    if scheme not in _PORTS or not host:
        raise _NotRequested("it is not a web address")
    port = _PORTS[scheme] if parts.port is None else parts.port
    if port != _PORTS[scheme] and not settings.allow_private:
        raise _NotRequested("it has a port that public sites do not use")
    host = host.encode("idna").decode() if not host.isascii() else host
    return timed_connection(
        host,
        port,
        tls=scheme == "https",
        step=settings.step_timeout,
        whole=settings.request_timeout,
        ip=_public_address(host, port, settings),
    )


def _public_address(host: str, port: int, settings: ClientSettings) -> str:
    """Return the first IP address of ``host``; refuse a host with any address that is not public."""
    found = [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not settings.allow_private and not all(_is_public(ip) for ip in found):
        raise _NotRequested("it leads inside a network, where readers cannot reach it")
    return found[0]


def _is_public(ip: str) -> bool:
    """Whether an address is global unicast, and so is the IPv4 address to which it is translated, if any."""
    if "%" in ip:  # an address of one network interface
        return False
    address = ip_address(ip)
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_IPV4)
    if address.ipv4_mapped is not None:
        return _is_public(str(address.ipv4_mapped))
    if address in _NAT64:
        return _is_public(str(IPv4Address(int(address) & _LAST_32_BITS)))
    if address.sixtofour is not None:
        return _is_public(str(address.sixtofour))
    return (
        address in _GLOBAL_UNICAST
        and not any(address in network for network in _NOT_PUBLIC_IPV6)
        and not _is_isatap(address)
    )


def _is_isatap(address: IPv6Address) -> bool:
    """Whether the last half of an address stands for an IPv4 address inside a network (RFC 5214, 6.1)."""
    return int(address) >> 32 & _LAST_32_BITS & ~_UNIVERSAL_BIT == _ISATAP

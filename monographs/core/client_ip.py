"""The client's address behind the number of proxies in ``settings.TRUSTED_PROXIES``, and its networks."""

import re
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

#: Prefix lengths of IPv6 networks: of one household or phone, and of what one customer can get (RFC 6177).
IPV6_PREFIXES = (64, 48)
#: An address with the port that some gateways add to it.
WITH_PORT = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+")


def client_ip(request: HttpRequest) -> str | None:
    """Return the client's address; None if there is none (a script).

    Each trusted proxy appends the address it was called from to ``X-Forwarded-For``, so with *n* of them
    the client is the *n*-th from the right. What is further left may be forged by the client.
    """
    chain = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    proxies = settings.TRUSTED_PROXIES
    candidates = [chain[-proxies]] if 0 < proxies <= len(chain) else []
    for candidate in (*candidates, request.META.get("REMOTE_ADDR", "")):
        with_port = WITH_PORT.fullmatch(candidate)
        try:
            address = ip_address((with_port[1] or with_port[2]) if with_port else candidate)
        except ValueError:
            continue
        # Some servers report IPv4 addresses mapped into IPv6
        return str((address.ipv4_mapped if isinstance(address, IPv6Address) else None) or address)
    return None


def networks_of(address: str) -> list[str]:
    """Return the networks by which a client is counted, smallest first.

    An IPv4 address is its own. In IPv6 one household has a /64, in which it can change its address at will,
    and one customer often a /48.
    """
    ip = ip_address(address)
    if not isinstance(ip, IPv6Address):
        return [str(ip)]
    return [str(ip_network((ip, prefix), strict=False)) for prefix in IPV6_PREFIXES]


def client_network(request: HttpRequest) -> str | None:
    """Return the first address of the client's smallest network; None if there is none (a script)."""
    address = client_ip(request)
    return networks_of(address)[0].split("/")[0] if address else None

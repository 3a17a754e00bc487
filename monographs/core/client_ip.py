"""The client's address behind the number of proxies in ``settings.TRUSTED_PROXIES``."""

from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str | None:
    """Return the client's address; None if there is none (a script).

    Each trusted proxy appends the address it was called from to ``X-Forwarded-For``, so with *n* of them
    the client is the *n*-th from the right. What is further left may be forged by the client.
    """
    chain = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    proxies = settings.TRUSTED_PROXIES
    candidates = [chain[-proxies]] if 0 < proxies <= len(chain) else []
    for candidate in (*candidates, request.META.get("REMOTE_ADDR", "")):
        try:
            address = ip_address(candidate)
        except ValueError:
            continue
        # Some servers report IPv4 addresses mapped into IPv6
        return str((address.ipv4_mapped if isinstance(address, IPv6Address) else None) or address)
    return None

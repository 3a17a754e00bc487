"""Where a request comes from, behind as many proxies as the settings say and no more."""

from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str | None:
    """The client's address; None where there is none (a script).

    Each trusted proxy appends the address it was called from to ``X-Forwarded-For``, so with *n* of them
    the client is the *n*-th from the right. Whatever stands further left the client may have made up.
    """
    chain = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    proxies = settings.TRUSTED_PROXIES
    candidates = [chain[-proxies]] if 0 < proxies <= len(chain) else []
    for candidate in (*candidates, request.META.get("REMOTE_ADDR", "")):
        try:
            found = ip_address(candidate)
        except ValueError:
            continue
        # Some servers write addresses of the old kind as ones of the new
        return str((found.ipv4_mapped if isinstance(found, IPv6Address) else None) or found)
    return None

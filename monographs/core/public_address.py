"""The address of the site as browsers write it."""

from urllib.parse import urlsplit

#: The port of https, which browsers leave out.
HTTPS_PORT = 443


def host_name(url: str) -> str:
    """The host of ``url`` in ASCII, without a dot at its end; empty without a host.

    Raises ``ValueError`` for an address that is none, and for a name that IDNA does not allow.
    """
    host = (urlsplit(url).hostname or "").rstrip(".")
    return f"[{host}]" if ":" in host else host.encode("idna").decode() if host else ""


def public_address(url: str) -> str:
    """``url`` as browsers write it in ``Origin``: https, host, and a port that is not the usual one.

    Raises ``ValueError`` as ``host_name`` does.
    """
    port = urlsplit(url).port
    return f"https://{host_name(url)}" + (f":{port}" if port and port != HTTPS_PORT else "")

"""Django's email settings from the URL of a mail server."""

from email.utils import formataddr, parseaddr
from typing import Any
from urllib.parse import urlsplit

import dj_email_url
from django.core.exceptions import ImproperlyConfigured

from monographs.core.public_address import host_name

#: A signature must not wait long for a mail server that hangs.
EMAIL_TIMEOUT_SECONDS = 10


def email_settings(url: str, base_url: str, name: str) -> dict[str, Any]:
    """Return Django's settings for the mail server at ``url``, e.g. ``smtp://user:password@host:587/?tls=true``.

    Emails are sent from ``monographs@`` the host of ``base_url`` unless the URL names a sender
    (``&_default_from_email=…``); mail programs show ``name`` beside it.
    """
    parsed = _parsed(url)
    sender = parsed.get("DEFAULT_FROM_EMAIL", f"monographs@{_host(base_url)}")
    named = sender if parseaddr(sender)[0] else formataddr((name, sender))
    names = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL")
    return {f"EMAIL_{name}": parsed[f"EMAIL_{name}"] for name in names} | {
        "EMAIL_TRANSPORT": parsed["EMAIL_BACKEND"],
        "EMAIL_TIMEOUT": EMAIL_TIMEOUT_SECONDS,
        "DEFAULT_FROM_EMAIL": named,
        "SERVER_EMAIL": parsed.get("SERVER_EMAIL", sender),
    }


def _parsed(url: str) -> dict[str, Any]:
    """The parts of the URL. Raises ``ImproperlyConfigured`` without the value, which has a password."""
    refused = ImproperlyConfigured(
        "EMAIL_URL is no address of a mail server, e.g. smtp://user:password@host:587/?tls=true. In a "
        "name or password, write characters such as / and # as %2F and %23."
    )
    try:
        parsed: dict[str, Any] = dj_email_url.parse(url)
        has_host = bool(host_name(url))
    except ValueError:  # no port, no number of seconds, a host that cannot be one
        raise refused from None
    # What Python's client sends to sign in (smtplib), and a failure would show it
    if not f"{parsed['EMAIL_HOST_USER']}{parsed['EMAIL_HOST_PASSWORD']}".isascii():
        raise ImproperlyConfigured(
            "EMAIL_URL: the name and password of a mail server are ASCII. Choose one without other letters."
        )
    needs_host = urlsplit(url).scheme.startswith(("smtp", "subm"))
    if (needs_host and not has_host) or not parsed.get("EMAIL_BACKEND"):
        raise refused
    return parsed


def _host(base_url: str) -> str:
    """The host of the site's address; empty if that is none, which a site check tells."""
    try:
        return host_name(base_url)
    except ValueError:
        return ""

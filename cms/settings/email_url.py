"""Django's email settings from the URL of a mail server."""

from email.utils import formataddr, parseaddr
from typing import Any
from urllib.parse import urlsplit

import dj_email_url

#: A signature must not wait long for a mail server that hangs.
EMAIL_TIMEOUT_SECONDS = 10


def email_settings(url: str, base_url: str, name: str) -> dict[str, Any]:
    """Return Django's settings for the mail server at ``url``, e.g. ``smtp://user:password@host:587/?tls=true``.

    Emails are sent from ``monographs@`` the host of ``base_url`` unless the URL names a sender
    (``&_default_from_email=…``); mail programs show ``name`` beside it.
    """
    parsed: dict[str, Any] = dj_email_url.parse(url)
    sender = parsed.get("DEFAULT_FROM_EMAIL", f"monographs@{urlsplit(base_url).hostname}")
    named = sender if parseaddr(sender)[0] else formataddr((name, sender))
    names = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL")
    return {f"EMAIL_{name}": parsed[f"EMAIL_{name}"] for name in names} | {
        "EMAIL_TRANSPORT": parsed["EMAIL_BACKEND"],
        "EMAIL_TIMEOUT": EMAIL_TIMEOUT_SECONDS,
        "DEFAULT_FROM_EMAIL": named,
        "SERVER_EMAIL": parsed.get("SERVER_EMAIL", sender),
    }

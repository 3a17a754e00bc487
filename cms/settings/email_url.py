"""How mail leaves, from the address of a mail server."""

from typing import Any
from urllib.parse import urlsplit

import dj_email_url

#: Seconds; a signature must not wait for a mail server that hangs.
EMAIL_TIMEOUT_SECONDS = 10


def email_settings(url: str, base_url: str) -> dict[str, Any]:
    """Django's settings for the mail server at ``url``, e.g. ``smtp://user:password@host:587/?tls=true``.

    Mail comes from the site's own host unless the address names a sender (``&_default_from_email=…``).
    """
    parsed: dict[str, Any] = dj_email_url.parse(url)
    sender = f"monographs@{urlsplit(base_url).hostname}"
    names = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL")
    return {f"EMAIL_{name}": parsed[f"EMAIL_{name}"] for name in names} | {
        "EMAIL_TRANSPORT": parsed["EMAIL_BACKEND"],
        "EMAIL_TIMEOUT": EMAIL_TIMEOUT_SECONDS,
        "DEFAULT_FROM_EMAIL": parsed.get("DEFAULT_FROM_EMAIL", sender),
        "SERVER_EMAIL": parsed.get("SERVER_EMAIL", sender),
    }

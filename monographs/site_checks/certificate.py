"""The certificate that browsers of readers are shown."""

import socket
import ssl
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from monographs.site_checks.concurrent_requests import ask_concurrently
from monographs.site_checks.site_check import site_check

#: Seconds for the name, the connection and the certificate.
TIMEOUT = 5
#: Whoever renews by itself does so a month before the end; later than this, somebody must look.
DAYS_LEFT = 14
#: OpenSSL's numbers (X509_V_ERR_…) of what no browser accepts: an end that has passed, another host's name.
REFUSED_EVERYWHERE = (10, 62)
RENEW = "Renew it (e.g. `certbot renew`), and let nginx read it: `nginx -s reload`."


@site_check(asks_servers=True, manual="A certificate that browsers refuse")
def certificate() -> Iterator[CheckMessage]:
    """The certificate of BASE_URL holds for two weeks more, as far as this machine can reach it."""
    if urlsplit(settings.BASE_URL).scheme == "https":
        # Many a machine cannot reach its own public address, and that is no fault
        (found,) = ask_concurrently(_certificate_fault, [settings.BASE_URL], 2 * TIMEOUT)
        if found:
            yield found


def _certificate_fault(url: str) -> CheckMessage | None:
    try:
        ends = _certificate_end(url)
    except ssl.SSLCertVerificationError as error:
        kind = Error if error.verify_code in REFUSED_EVERYWHERE else Warning
        hint = RENEW if kind is Error else "Let this machine trust who issued it, if browsers of readers do."
        return kind(f"The certificate of {url} is refused: {error.verify_message}.", hint=hint)
    except (OSError, ValueError):
        return None
    days = int((ends - time.time()) // 86400)
    return Warning(f"The certificate of {url} ends in {days} days.", hint=RENEW) if days < DAYS_LEFT else None


def _certificate_end(url: str) -> float:
    """When the certificate ends, in seconds since 1970. Raises ``OSError``, ``SSLError`` if it is refused."""
    address = urlsplit(url)
    context, host = ssl.create_default_context(), address.hostname or ""
    with (
        socket.create_connection((host, address.port or 443), TIMEOUT) as plain,
        context.wrap_socket(plain, server_hostname=host) as secured,
    ):
        shown = secured.getpeercert() or {}
    return float(ssl.cert_time_to_seconds(str(shown["notAfter"])))

"""Requests to cache nodes: ``PURGE`` with surrogate keys, as ``deploy/varnish/default.vcl`` accepts them."""

from collections.abc import Sequence
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from monographs.public.shared_cache.surrogate_keys import HEADER

#: Seconds to connect, and for each read. A node that takes longer is asked again in the next round.
TIMEOUT_SECONDS = 1.0


def connection_to(node: str, seconds: float = TIMEOUT_SECONDS) -> HTTPConnection:
    """Return a connection to ``node``, which is opened by its first request; waits at most ``seconds``."""
    address = urlsplit(node)
    kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
    return kind(address.hostname or "", address.port, timeout=seconds)


def purge(node: str, keys: Sequence[str]) -> str:
    """Ask ``node`` to drop everything with one of ``keys``; return why it did not, empty if it did."""
    connection = connection_to(node)
    try:
        connection.request("PURGE", "/", headers={HEADER: " ".join(keys)})
        answer = connection.getresponse()
        return "" if answer.status == HTTPStatus.OK else f"answered {answer.status} {answer.reason}"
    except (OSError, HTTPException) as error:
        return str(error) or type(error).__name__
    finally:
        connection.close()

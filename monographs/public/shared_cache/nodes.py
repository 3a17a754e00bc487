"""Requests to cache nodes: ``PURGE`` with surrogate keys, as ``deploy/varnish/default.vcl`` accepts them."""

from collections.abc import Sequence
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from monographs.public.shared_cache.surrogate_keys import HEADER

#: Seconds to connect, and for each read. A node that takes longer is asked again at the next attempt.
TIMEOUT_SECONDS = 1.0


def _connection_to(node: str, seconds: float) -> HTTPConnection:
    """Return a connection to ``node``, which is opened by its first request; waits at most ``seconds``."""
    address = urlsplit(node)
    kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
    return kind(address.hostname or "", address.port, timeout=seconds)


def purge(node: str, keys: Sequence[str], seconds: float = 0) -> str:
    """Ask ``node`` to drop everything with one of ``keys``; return why it did not, empty if it did.

    ``seconds`` is the longest wait, if it is another than usual. Whatever is wrong with a node is a reason,
    and keeps no other from being asked.
    """
    try:
        with closing(_connection_to(node, seconds or TIMEOUT_SECONDS)) as connection:
            connection.request("PURGE", "/", headers={HEADER: " ".join(keys)})
            answer = connection.getresponse()
            return "" if answer.status == HTTPStatus.OK else f"answered {answer.status} {answer.reason}"
    except (OSError, HTTPException, ValueError) as error:  # the last: an address that is none
        return str(error) or type(error).__name__

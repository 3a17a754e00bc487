"""A request to a witness or a time stamping authority."""

from http.client import HTTPException
from urllib.parse import urlsplit

from monographs.core.socket_deadline import timed_connection

#: Seconds to connect, and then for the whole answer; what is slower holds up the other periodic work.
TIMEOUT_SECONDS = 20.0


class PostFailed(Exception):
    """No answer came; the message says why."""


def post(url: str, body: bytes, content_type: str, limit: int, seconds: float = 0) -> tuple[int, bytes]:
    """Send ``body``, and return the status and at most ``limit`` bytes of the answer.

    ``seconds`` is the longest wait, if it is another than usual. Raises ``PostFailed``.
    """
    seconds = seconds or TIMEOUT_SECONDS
    address = urlsplit(url)
    tls, host = address.scheme == "https", address.hostname or ""
    path = (address.path or "/") + (f"?{address.query}" if address.query else "")
    port = address.port or (443 if tls else 80)
    try:
        with timed_connection(host, port, tls=tls, step=seconds, whole=seconds) as connection:
            connection.request("POST", path, body, {"Content-Type": content_type})
            response = connection.getresponse()
            return response.status, response.read(limit)
    except TimeoutError as error:
        raise PostFailed(f"its answer took longer than {seconds:g} seconds") from error
    except (OSError, HTTPException) as error:
        raise PostFailed(f"it cannot be reached: {str(error) or type(error).__name__}") from error

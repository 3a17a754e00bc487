"""A request to a witness or a time stamping authority."""

import time
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

#: Seconds to connect, and for the whole answer; what is slower holds up the other periodic work.
TIMEOUT_SECONDS = 20.0


class PostFailed(Exception):
    """No answer came; the message says why."""


def post(url: str, body: bytes, content_type: str, limit: int) -> tuple[int, bytes]:
    """Send ``body``, and return the status and at most ``limit`` bytes of the answer.

    Raises ``PostFailed``.
    """
    address = urlsplit(url)
    kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
    connection = kind(address.hostname or "", address.port, timeout=TIMEOUT_SECONDS)
    end = time.monotonic() + TIMEOUT_SECONDS
    path = (address.path or "/") + (f"?{address.query}" if address.query else "")
    try:
        connection.request("POST", path, body, {"Content-Type": content_type})
        response = connection.getresponse()
        answer = b""
        while len(answer) < limit and (part := response.read1(limit - len(answer))):
            answer += part
            if time.monotonic() > end:
                raise PostFailed(f"its answer took longer than {TIMEOUT_SECONDS:.0f} seconds")
    except (OSError, HTTPException) as error:
        raise PostFailed(f"it cannot be reached: {str(error) or type(error).__name__}") from error
    else:
        return response.status, answer
    finally:
        connection.close()

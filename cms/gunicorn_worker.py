"""gunicorn's threaded worker, which answers ``/healthz`` and waits for new clients without its threads."""

import errno
import json
import selectors
import socket
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

from cms.version import HEALTH

#: The largest request for ``/healthz`` that is answered here, in bytes.
MAX_REQUEST = 4096
_REQUESTS = (b"GET /healthz HTTP/1.", b"HEAD /healthz HTTP/1.")
_BODY = json.dumps(HEALTH).encode()
_HEADER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"
    b"Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
) % len(_BODY)


class HealthWorker(ThreadWorker):
    """A threaded worker whose main thread answers ``/healthz``.

    The main thread only waits for sockets. So the answer does not depend on a free thread, on the database or
    on anything else that a view waits for, and says what it should: this process runs.
    """

    def accept(self, listener: Any) -> None:
        """Accept a connection; a thread gets it when its client has sent something."""
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        self.nr_conns += 1
        client.setblocking(False)
        connection = TConn(self.cfg, client, address, listener.getsockname())
        if _peek(client) is None:
            self._wait_for(connection)
        else:
            connection.data_ready = True
            self.enqueue_req(connection)

    def _wait_for(self, connection: Any) -> None:
        """Wait for a client that has not sent anything, for as long as for the next request of another."""
        connection.timeout = time.monotonic() + self.cfg.keepalive
        self.pending_conns.append(connection)
        readable: Callable[[Any], None] = partial(self.on_pending_socket_readable, connection)
        self.poller.register(connection.sock, selectors.EVENT_READ, readable)

    def enqueue_req(self, conn: Any) -> None:
        """Answer a request for ``/healthz``, and give any other one to a thread."""
        read_ahead = conn.initialized and conn.parser.unreader.buf.getvalue()
        if not read_ahead and _answer_health(conn.sock):
            self.nr_conns -= 1
            conn.close(graceful=True)
        else:
            super().enqueue_req(conn)


def _peek(client: socket.socket) -> bytes | None:
    """Return what a client has sent, without taking it; None if that is nothing yet."""
    try:
        return client.recv(MAX_REQUEST, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except (BlockingIOError, InterruptedError):
        return None
    except OSError:
        return b""  # the client is gone, as a thread will find


def _answer_health(client: socket.socket) -> bool:
    """Answer if a complete request for ``/healthz`` has arrived; otherwise return False."""
    request = _peek(client) or b""
    if not request.startswith(_REQUESTS):
        return False
    end = request.find(b"\r\n\r\n") + 4
    if end != len(request):  # not all of it, or more than one
        return False
    try:
        client.recv(end)
        client.send(_HEADER + (b"" if request.startswith(b"HEAD") else _BODY))
    except OSError:
        return True
    return True

"""A time by which a request to another server ends, however slowly that server sends.

The time-outs of sockets are for each read: a server that sends a byte at a time is never too slow for them.
"""

import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Event, Timer


@contextmanager
def socket_deadline(sockets: Sequence[socket.socket], seconds: float) -> Iterator[Event]:
    """Shut down the last of ``sockets`` after some seconds, which ends any read that waits on it.

    Yields an event that is set by then: a connection that was shut looks like a server that went away, and
    what was read until then may look like a complete response. ``sockets`` may be opened in the meantime.
    """
    timed_out = Event()
    timer = Timer(seconds, _shut_down, [sockets, timed_out])
    timer.daemon = True
    timer.start()
    try:
        yield timed_out
    finally:
        timer.cancel()


@contextmanager
def timed_connection(
    host: str, port: int, *, tls: bool, step: float, whole: float, ip: str = ""
) -> Iterator[HTTPConnection]:
    """Open a connection to ``host``, at ``ip`` if given, for one request and its response.

    ``step`` is the seconds to connect to an address and for each read, ``whole`` those from then on for all
    that is done with the connection, the response included. Raises ``TimeoutError`` after either.
    """
    # The socket in use is the last: TLS takes over the plain one before the handshake
    sockets = [socket.create_connection((ip or host, port), step)]
    with socket_deadline(sockets, whole) as timed_out:
        try:
            yield _secured(sockets, host, port) if tls else _on_socket(HTTPConnection(host, port), sockets)
            if timed_out.is_set():  # what was read until then may look like a complete response
                raise TimeoutError
        except (OSError, HTTPException) as error:
            if timed_out.is_set():  # a shut socket looks like a server that went away
                raise TimeoutError from error
            raise
        finally:
            sockets[-1].close()


def _secured(sockets: list[socket.socket], host: str, port: int) -> HTTPConnection:
    context = ssl.create_default_context()
    secured = context.wrap_socket(sockets[0], server_hostname=host, do_handshake_on_connect=False)
    sockets.append(secured)
    secured.do_handshake()
    return _on_socket(HTTPSConnection(host, port, context=context), sockets)


def _on_socket(connection: HTTPConnection, sockets: Sequence[socket.socket]) -> HTTPConnection:
    connection.sock = sockets[-1]
    return connection


def _shut_down(sockets: Sequence[socket.socket], timed_out: Event) -> None:
    timed_out.set()
    with suppress(OSError, IndexError):
        sockets[-1].shutdown(socket.SHUT_RDWR)

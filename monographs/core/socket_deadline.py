"""A time by which a request to another server ends, however slowly that server sends.

The time-outs of sockets are for each read: a server that sends a byte at a time is never too slow for them.
"""

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
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


def _shut_down(sockets: Sequence[socket.socket], timed_out: Event) -> None:
    timed_out.set()
    with suppress(OSError, IndexError):
        sockets[-1].shutdown(socket.SHUT_RDWR)

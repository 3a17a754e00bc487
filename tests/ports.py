"""Ports for servers that tests start."""

import os
import random
import socket

#: Below the ports that systems give to connections (Linux from 32768, gVisor from 16000): any connection can
#: take one of those before the server starts, and connecting to it could connect a socket to itself.
_FIRST, _END = 10_000, 16_000
#: Workers of one run choose from different ports.
_WORKERS = 16
_given: set[int] = set()


def free_port() -> int:
    """Return a port that is unused, and that this process was not given before."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % _WORKERS
    own = [port for port in range(_FIRST + worker, _END, _WORKERS) if port not in _given]
    random.SystemRandom().shuffle(own)  # another run on this machine chooses others
    for port in own:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        _given.add(port)
        return port
    raise RuntimeError(f"all ports from {_FIRST} to {_END} that this process may use are taken")

"""A forwarder between the service and its database, which can be closed or made to hang."""

import selectors
import socket
import threading
import time
from enum import StrEnum
from typing import Any


class GateState(StrEnum):
    """What a connection through the gate meets."""

    OPEN = "open"
    #: Refused, and existing connections are cut: the server is stopped.
    CLOSED = "closed"
    #: Accepted and never answered: the server or the network hangs.
    HANGING = "hanging"


class Gate:
    """Forwards TCP connections on ``port`` to the Unix socket or address of a database server."""

    def __init__(self, host: str, port: int) -> None:
        self._target = f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (host, port)
        self.state = GateState.OPEN
        self._pairs: dict[socket.socket, socket.socket] = {}
        self._selector = selectors.DefaultSelector()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=200)
        self.port: int = self._listener.getsockname()[1]
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._running = True
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def set(self, state: GateState) -> None:
        """Change what connections meet from now on."""
        self.state = state

    def close(self) -> None:
        """Stop forwarding."""
        self._running = False
        self._thread.join()

    def _run(self) -> None:
        while self._running:
            self._round()
        self._cut()
        self._listener.close()

    def _round(self) -> None:
        if self.state is GateState.CLOSED:
            self._cut()
        for key, _ in self._selector.select(0.05):
            source: Any = key.fileobj
            if source is self._listener:
                self._accept()
            elif self.state is not GateState.HANGING:
                self._forward(source)
        if self.state is GateState.HANGING:
            time.sleep(0.05)  # what has arrived stays where it is

    def _cut(self) -> None:
        for one in list(self._pairs):
            self._end(one)

    def _accept(self) -> None:
        client, _ = self._listener.accept()
        if self.state is GateState.CLOSED:
            client.close()
            return
        family = socket.AF_UNIX if isinstance(self._target, str) else socket.AF_INET
        server = socket.socket(family, socket.SOCK_STREAM)
        try:
            server.connect(self._target)
        except OSError:
            client.close()
            return
        for one, other in ((client, server), (server, client)):
            self._pairs[one] = other
            self._selector.register(one, selectors.EVENT_READ)

    def _forward(self, source: socket.socket) -> None:
        if source not in self._pairs:
            return
        try:
            data = source.recv(65536)
            if data:
                self._pairs[source].sendall(data)
                return
        except OSError:
            pass
        self._end(source)

    def _end(self, one: socket.socket) -> None:
        other = self._pairs.get(one)
        for each in (one, other):
            if each is not None and self._pairs.pop(each, None) is not None:
                self._selector.unregister(each)
                each.close()

"""Many readers at once, who note what they got, when, and how long it took."""

import asyncio
import random
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from tests.deployment.proxies import HOST

#: A reader gives up after this, in seconds.
PATIENCE = 60
_EDITION = re.compile(rb"marker-(\d+)-")


@dataclass(frozen=True, slots=True)
class Read:
    """One answer. ``began`` is of ``time.time``; ``edition`` is of the header, ``markers`` of the text."""

    path: str
    port: int
    began: float
    seconds: float
    status: int
    edition: int
    markers: frozenset[int]

    @property
    def failed(self) -> bool:
        """Whether the reader got neither the page nor the notice that it is withdrawn."""
        return self.status not in {200, 410}

    @property
    def is_whole(self) -> bool:
        """Whether a page is all of the one edition that it says it is."""
        return self.status != 200 or self.markers == {self.edition}


class Readers:
    """``count`` readers, each with a connection, who read ``paths`` of the servers at ``ports`` in turn.

    A context manager: they read from the beginning of the block to its end.
    """

    def __init__(self, ports: Sequence[int], paths: Sequence[str], count: int, *, pause: float = 0.1) -> None:
        self.ports, self.paths, self.count, self.pause = ports, paths, count, pause
        self.reads: list[Read] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._all()), daemon=True)

    def __enter__(self) -> "Readers":
        self._thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._stop.set()
        self._thread.join(PATIENCE + 5)

    @property
    def failures(self) -> list[Read]:
        """The reads that failed."""
        return [read for read in self.reads if read.failed]

    @property
    def slowest(self) -> float:
        """Seconds that the slowest read took."""
        return max((read.seconds for read in self.reads), default=0.0)

    async def _all(self) -> None:
        await asyncio.gather(*(self._one(number) for number in range(self.count)))

    async def _one(self, number: int) -> None:
        chance = random.Random(number)  # noqa: S311  # repeatable
        port = self.ports[number % len(self.ports)]
        client = Client(port)
        await asyncio.sleep(chance.random() * self.pause)
        while not self._stop.is_set():
            self.reads.append(await client.read(chance.choice(self.paths)))
            await asyncio.sleep(self.pause * (0.5 + chance.random()))
        client.close()


class Client:
    """A connection that is opened again when it is lost."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def read(self, path: str) -> Read:
        """Read a page; status 0 if there was no answer."""
        began, clock = time.time(), time.perf_counter()
        try:
            status, head, body = await asyncio.wait_for(self._exchange(path), PATIENCE)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError):
            self.close()
            status, head, body = 0, b"", b""
        named = re.search(rb"\r\nx-edition: [^/]*/(\d+)", head, re.IGNORECASE)
        return Read(
            path,
            self.port,
            began,
            time.perf_counter() - clock,
            status,
            int(named[1]) if named else 0,
            frozenset(map(int, _EDITION.findall(body))),
        )

    async def _exchange(self, path: str) -> tuple[int, bytes, bytes]:
        if self._writer is None or self._reader is None or self._reader.at_eof():
            self.close()
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
        request = f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nX-Forwarded-Proto: https\r\n\r\n"
        self._writer.write(request.encode())
        head = await self._reader.readuntil(b"\r\n\r\n")
        body = await _body(self._reader, head.lower())
        if b"\r\nconnection: close" in head.lower():
            self.close()
        return int(head.split(b" ", 2)[1]), head, body

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


async def _body(reader: asyncio.StreamReader, head: bytes) -> bytes:
    if b"\r\ntransfer-encoding: chunked" in head:
        parts = []
        while size := int(await reader.readline(), 16):
            parts.append(await reader.readexactly(size))
            await reader.readline()
        await reader.readline()
        return b"".join(parts)
    length = re.search(rb"\r\ncontent-length: (\d+)", head)
    return await reader.readexactly(int(length[1])) if length else b""
